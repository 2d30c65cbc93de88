# Files of orders: named by their hash, only for those who may see them.
step a file without a session
send GET /v1/blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
expect 401
problem unauthorized

step a file that is not there
send GET /v1/blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
as desk
expect 404

step a file whose hash is another
send PUT /v1/blobs/0000000000000000000000000000000000000000000000000000000000000000
as desk
header Content-Range: bytes 0-2/3
body abc
expect 422

step a file that is named otherwise
send PUT /v1/blobs/abc
as desk
header Content-Range: bytes 0-2/3
body abc
expect 404

step a file
send PUT /v1/blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
as desk
header Content-Range: bytes 0-2/3
body abc
expect 200

step whoever sent it may have it
send GET /v1/blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
as desk
expect 200
has ^abc$

step nobody else has it while no order names it
send GET /v1/blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
as other
expect 404
