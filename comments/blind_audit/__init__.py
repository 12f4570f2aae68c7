"""The machine's error rate, measured by two people who see neither it nor each other.

``statistics`` agreement and its uncertainty (no Django)
``codes``      what a comment can be called
``services``   draw, code, finish
``selectors``  what the desk and the report read
"""
