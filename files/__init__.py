"""Files that are written whole or not at all: what stood there stays until what is new is safely on the disk.

write_whole    a file
whole_folder   a folder of files

Whoever writes something that somebody will read later goes through here. The language writes no
files: proofs, pictures and the command may import this room, it imports none of them.
"""

from fsm.files.atomic import whole_folder, write_whole

__all__ = ["whole_folder", "write_whole"]
