"""Pictures: bombs, broken ones, and kinds nobody else can open."""

import io
import struct
import zlib

from PIL import Image

from tests.core_files.hostile.making import MB, chunk, hostile, packed, picture, png


@hostile("files.too_many_pixels", filename="照片.png")
def png_of_fifty_thousand_squared() -> bytes:
    return png(50_000, 50_000, data=packed(50 * MB, b"\0"))


@hostile("files.too_many_pixels", filename="照片.jpg")
def jpeg_of_sixty_five_thousand_squared() -> bytes:
    content = picture("JPEG")
    start = content.index(b"\xff\xc0") + 5
    return content[:start] + struct.pack("!HH", 65_500, 65_500) + content[start + 4 :]


@hostile("files.bomb", filename="照片.png")
def png_with_a_bomb_in_its_text() -> bytes:
    return png(8, 8, chunk(b"zTXt", b"Comment\0\0" + packed(64 * MB)))


@hostile("files.bomb", filename="照片.png")
def png_with_a_bomb_in_its_colour_profile() -> bytes:
    return png(8, 8, chunk(b"iCCP", b"Profile\0\0" + packed(64 * MB)))


@hostile("files.damaged", filename="照片.png")
def png_cut_off() -> bytes:
    return picture("PNG", (640, 480))[:600]


@hostile("files.damaged", filename="照片.png")
def png_header_only() -> bytes:
    return b"\x89PNG\r\n\x1a\n"


@hostile("files.damaged", filename="照片.png")
def png_with_less_data_than_pixels() -> bytes:
    return png(900, 900, data=zlib.compress(b"\0" * 100))


@hostile("files.damaged", filename="照片.jpg")
def jpeg_cut_off() -> bytes:
    content = picture("JPEG", (640, 480))
    return content[: len(content) // 2]


@hostile("files.damaged", filename="照片.jpg")
def jpeg_header_only() -> bytes:
    return b"\xff\xd8\xff\xe0" + b"\0" * 64 + b"\xff\xd9"


@hostile("files.animated", filename="照片.png")
def moving_png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(
        out, "PNG", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")], duration=100
    )
    return out.getvalue()


@hostile("files.other_picture", filename="照片.jpg")
def gif_named_jpg() -> bytes:
    return picture("GIF")


@hostile("files.other_picture")
def gif_named_pdf() -> bytes:
    return picture("GIF")


@hostile("files.other_picture", filename="照片.png")
def webp_named_png() -> bytes:
    return picture("WEBP")


@hostile("files.other_picture", filename="扫描.tif")
def tiff_scan() -> bytes:
    return picture("TIFF")


@hostile("files.other_picture", filename="照片.bmp")
def bitmap() -> bytes:
    return picture("BMP")


@hostile("files.heic", filename="IMG_0001.HEIC")
def photo_of_a_telephone_in_heic() -> bytes:
    return b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 200


@hostile("files.heic")
def heic_named_pdf() -> bytes:
    return photo_of_a_telephone_in_heic()


@hostile("files.heic", filename="IMG_0001.jpg")
def heic_named_jpg() -> bytes:
    return b"\0\0\0\x24ftypmif1\0\0\0\0mif1heic" + b"\0" * 200
