"""The Alexa platform: envelopes, speech, timers, permissions, limits. Knows nothing of what the skill decides."""
