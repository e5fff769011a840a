"""The rules of counting: frames in, frames out. Nothing here knows a file, a colour or a language."""
