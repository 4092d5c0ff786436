"""The self-hosted door: the skill behind HTTPS of one's own, where Lambda isn't wanted.

Alexa signs what she sends to such a door, and whoever runs it must check that ("Host a Custom Skill as a Web Service").
"""
