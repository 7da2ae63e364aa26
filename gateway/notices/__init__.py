"""The inbox (消息): what happened to a thing is told to the person or body whose thing it is."""
