"""What a person types: a command parses, calls one function, and turns known errors into exits."""
