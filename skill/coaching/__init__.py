"""What Hip Coach can do, as pure rules: values in, values out. No Alexa, no AWS, no clock, no randomness of its own."""
