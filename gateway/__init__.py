"""What people and programs talk to: pages, REST v1 and the public map."""
