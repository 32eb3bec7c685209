"""The reader's own pictures: whatever the file, a picture or a plain message; and digits made as the data set was."""

import io
import struct
import time
import zipfile
import zlib
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from engine.data.digits import decode_digit, digit, digits, encode_digit
from engine.data.pictures import COVERAGE, PictureError, ReadPicture, read_picture, to_digit
from engine.zoo.digit_network import pretrained_digit_network

MAX_BYTES = 2**20
MAX_PIXELS = 1_000_000


def read(data: bytes) -> ReadPicture:
    return read_picture(data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)


def notes(data: bytes) -> list[str]:
    return [str(note) for note in read(data).notes]


def file_of(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def two_colours(mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue; wider than high."""
    image = Image.new("RGB", (6, 4), (255, 0, 0))
    image.paste((0, 0, 255), (3, 0, 6, 4))
    return image.convert(mode)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("BMP", {}), ("GIF", {}), ("WEBP", {"lossless": True}), ("JPEG", {"quality": 100, "subsampling": 0})],
)
def test_each_format_gives_red_green_blue_from_0_to_1(kind: str, options: dict[str, Any]) -> None:
    picture = read(file_of(two_colours(), kind, **options))
    assert picture.image.shape == (3, 4, 6)
    assert picture.image.dtype == np.float32
    assert picture.notes == ()
    np.testing.assert_allclose(picture.image[:, 0, 0], [1, 0, 0], atol=0.03)
    np.testing.assert_allclose(picture.image[:, 3, 5], [0, 0, 1], atol=0.03)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
def test_every_way_of_storing_colours_is_read(mode: str) -> None:
    picture = read(file_of(two_colours(mode)))
    expected = np.asarray(two_colours(mode).convert("RGB")).transpose(2, 0, 1) / 255
    np.testing.assert_allclose(picture.image, expected, atol=1e-6)


def test_transparent_parts_are_white_and_it_says_so() -> None:
    image = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    image.putpixel((1, 0), (0, 0, 0, 0))
    picture = read(file_of(image))
    np.testing.assert_allclose(picture.image[:, 0, 1], 1)
    np.testing.assert_allclose(picture.image[:, 0, 0], [1, 0, 0])
    assert notes(file_of(image)) == ["Transparent parts are taken as white."]


def test_a_transparent_palette_colour_is_white() -> None:
    image = two_colours("P")
    data = file_of(image, transparency=image.getpixel((0, 0)))
    np.testing.assert_allclose(read(data).image[:, 0, 0], 1)
    assert notes(data) == ["Transparent parts are taken as white."]


def test_a_half_transparent_colour_is_mixed_with_white() -> None:
    data = file_of(Image.new("RGBA", (1, 1), (0, 0, 0, 51)))
    np.testing.assert_allclose(read(data).image, 0.8, atol=1e-6)


def test_the_camera_s_orientation_is_applied_and_it_says_so() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = file_of(two_colours(), "JPEG", quality=100, subsampling=0, exif=exif)
    picture = read(data)
    assert picture.image.shape == (3, 6, 4)
    np.testing.assert_allclose(picture.image[:, 0, 0], [1, 0, 0], atol=0.05)
    np.testing.assert_allclose(picture.image[:, 5, 0], [0, 0, 1], atol=0.05)
    assert notes(data) == ["The picture is turned upright, as the camera noted."]


@pytest.mark.parametrize(("kind", "options"), [("GIF", {}), ("PNG", {}), ("WEBP", {"lossless": True})])
def test_of_a_moving_picture_the_first_frame_is_taken_and_it_says_so(kind: str, options: dict[str, Any]) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    data = file_of(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    np.testing.assert_allclose(read(data).image[:, 0, 0], [1, 0, 0], atol=0.01)
    assert notes(data) == ["The picture moves: its first frame is taken."]


def test_16_bits_keep_their_precision() -> None:
    values = np.array([[0, 1, 32768, 65535]], dtype=np.uint16)
    picture = read(file_of(Image.fromarray(values)))
    np.testing.assert_allclose(picture.image[1, 0], values[0] / 65535, rtol=1e-6)


def test_printing_colours_are_turned_and_it_says_so() -> None:
    data = file_of(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100)
    np.testing.assert_allclose(read(data).image[:, 4, 4], [1, 0, 0], atol=0.02)
    assert notes(data) == ["The picture's printing colours (CMYK) are turned into red, green and blue."]


def test_one_pixel_is_a_picture() -> None:
    assert read(file_of(Image.new("L", (1, 1), 128))).image.shape == (3, 1, 1)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose header promises so many pixels and whose data are a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("width", "height"), [(2000, 501), (12_000, 12_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_would_unpack_too_large_is_refused_by_its_header(width: int, height: int) -> None:
    start = time.process_time()
    with pytest.raises(PictureError, match=r"at most 1 million|far more than 1 million"):
        read(png_that_claims(width, height))
    assert time.process_time() - start < 1


def zip_of(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(name, "text")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG" + bytes(MAX_BYTES), r"has 1\.0 MB; at most 1 MB"),
        (b"%PDF-1.7 ...", "a PDF document; expected a picture as PNG, JPEG, GIF, BMP, WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?><svg><image href='file:///etc/passwd'/></svg>", "an SVG drawing"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
        (zip_of("word/document.xml"), "a zip archive or an office document"),
        (file_of(two_colours(), "TIFF"), "a TIFF file"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "a HEIC, AVIF or video file"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file", "not a picture file that is known here"),
        (b"just some words", "not a picture file that is known here"),
        (b"\x89PNG\r\n\x1a\n", "The PNG file is damaged or cut short"),
        (b"BM", "The BMP file is damaged or cut short"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "The JPEG file is damaged or cut short"),
    ],
)
def test_what_is_no_picture_gets_a_plain_message(data: bytes, complaint: str) -> None:
    with pytest.raises(PictureError, match=complaint):
        read(data)


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (24, 20, 3), dtype=np.uint8))


FILES = {kind: file_of(noise(), kind) for kind in ("PNG", "JPEG", "GIF", "BMP", "WEBP")}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_cut_in_half_is_refused(kind: str) -> None:
    data = FILES[kind]
    with pytest.raises(PictureError, match="damaged or cut short"):
        read(data[: len(data) // 2])


@given(st.sampled_from(sorted(FILES)), st.integers(0, 10**6), st.binary(min_size=1, max_size=8))
def test_damaged_bytes_never_raise_anything_else(kind: str, place: int, damage: bytes) -> None:
    data = bytearray(FILES[kind])
    at = place % len(data)
    data[at : at + len(damage)] = damage
    with suppress(PictureError):
        image = read(bytes(data)).image
        assert image.dtype == np.float32
        assert 0 <= image.min() <= image.max() <= 1


@given(st.binary(max_size=200))
def test_any_bytes_give_a_picture_or_a_message(data: bytes) -> None:
    with suppress(PictureError):
        read(data)


def bitmap(index: int) -> np.ndarray:
    """A digit of the data set as a scan that would give it: level k of a cell as k inked dots of 4×4."""
    levels = np.rint(digit(index)[0][0] * 16).astype(int)
    cells = np.arange(16)[None, None] < levels[..., None]
    return cells.reshape(8, 8, 4, 4).transpose(0, 2, 1, 3).reshape(32, 32)


def on_paper(ink: np.ndarray, *, enlarge: int = 1, margin: tuple[int, int] = (7, 40)) -> np.ndarray:
    """Black ink on white paper, (1, H, W), off the middle."""
    large = np.kron(ink, np.ones((enlarge, enlarge)))
    return 1 - np.pad(large, (margin, margin[::-1])).astype(np.float32)[np.newaxis]


def text(letter: str, size: int = 180) -> np.ndarray:
    image = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(image).text((80, 30), letter, font=ImageFont.load_default(size=size), fill=0, stroke_width=6)
    return (np.asarray(image) / 255).astype(np.float32)[np.newaxis]


def test_a_digit_from_a_picture_has_the_data_set_s_form() -> None:
    found = to_digit(text("3"))
    assert found.shape == (1, 8, 8)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(decode_digit(encode_digit(found)), found)
    assert found[0, 0].any()
    assert found[0, 7].any()


def test_scans_of_the_data_set_are_still_read_after_the_way_through_a_picture() -> None:
    """They can't come back exactly: where the original's box stood between cells is lost."""
    data = digits()
    index = data.validation_index[::3]
    found = np.stack([to_digit(on_paper(bitmap(int(i)), enlarge=5)) for i in index])
    guesses = pretrained_digit_network().predict(found).argmax(axis=1)
    assert (guesses == data.validation_y[::3]).mean() >= 0.95


def test_place_size_and_colours_of_the_ink_make_no_difference() -> None:
    plain = to_digit(on_paper(bitmap(8), enlarge=4))
    np.testing.assert_array_equal(to_digit(on_paper(bitmap(8), enlarge=4, margin=(90, 3))), plain)
    np.testing.assert_array_equal(to_digit(1 - on_paper(bitmap(8), enlarge=4)), plain)
    paper = on_paper(bitmap(8), enlarge=4)[0]
    coloured = np.stack([0.9 * paper + 0.1, 0.5 * paper + 0.2, 0.3 + 0 * paper])
    np.testing.assert_array_equal(to_digit(coloured), plain)
    assert np.abs(to_digit(on_paper(bitmap(8), enlarge=16)) - plain).max() <= 0.25


def test_dust_is_left_out() -> None:
    paper = on_paper(bitmap(8), enlarge=6)
    dusty = paper.copy()
    dusty[0, 2, 2] = 0
    np.testing.assert_array_equal(to_digit(dusty), to_digit(paper))


@pytest.mark.parametrize("width", [2, 8, 50])
def test_strokes_are_brought_to_the_width_of_the_data_set(width: int) -> None:
    image = Image.new("L", (300, 400), 255)
    ImageDraw.Draw(image).line([(70, 60), (230, 60), (120, 340)], fill=0, width=width)
    found = to_digit((np.asarray(image) / 255).astype(np.float32)[np.newaxis])
    assert COVERAGE[0] - 0.02 <= found.mean() <= COVERAGE[1] + 0.02


def test_a_single_stroke_stays_slim() -> None:
    image = np.ones((1, 200, 200), dtype=np.float32)
    image[0, 20:180, 95:105] = 0
    columns = to_digit(image)[0].sum(axis=0)
    assert columns[[0, 1, 6, 7]].max() == 0
    assert columns[3:5].min() > 4


# One stroke after another, in hundredths of the width and height, as a hand draws them.
STROKES = {
    0: [[(50, 5), (20, 30), (20, 70), (50, 95), (80, 70), (80, 30), (50, 5)]],
    1: [[(25, 30), (55, 5), (55, 95)]],
    2: [[(20, 25), (45, 5), (75, 20), (60, 55), (15, 95), (85, 90)]],
    3: [[(20, 10), (60, 5), (75, 25), (45, 48), (80, 70), (55, 95), (15, 88)]],
    4: [[(55, 5), (15, 60), (85, 60)], [(60, 40), (55, 95)]],
    5: [[(80, 5), (30, 5), (25, 45), (65, 45), (80, 70), (55, 95), (20, 90)]],
    7: [[(20, 8), (80, 5), (45, 95)], [(30, 50), (75, 48)]],
    9: [[(75, 25), (45, 5), (25, 30), (50, 48), (75, 25), (70, 95)]],
}


@pytest.mark.parametrize("figure", STROKES)
@pytest.mark.parametrize("width", [10, 18, 28])
def test_a_figure_drawn_by_hand_is_read_whatever_the_pen(figure: int, width: int) -> None:
    image = Image.new("L", (200, 260), 255)
    for stroke in STROKES[figure]:
        points = [(20 + 1.6 * x, 20 + 2.2 * y) for x, y in stroke]
        ImageDraw.Draw(image).line(points, fill=0, width=width, joint="curve")
    found = to_digit((np.asarray(image) / 255).astype(np.float32)[np.newaxis])
    assert pretrained_digit_network().predict(found[np.newaxis]).argmax() == figure


def test_a_picture_of_8_by_8_keeps_its_own_levels() -> None:
    image, _ = digit(12)
    np.testing.assert_array_equal(to_digit(image), image)
    np.testing.assert_array_equal(to_digit(1 - image), image)
    np.testing.assert_array_equal(to_digit(np.repeat(image, 3, axis=0)), image)


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 1, 1), (1, 500, 400), (3, 8, 8)])
def test_a_picture_without_ink_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(PictureError, match="one colour all over"):
        to_digit(np.full(shape, 0.7, dtype=np.float32))


@pytest.mark.parametrize("shape", [(8, 8), (4, 8, 8), (3, 0, 5), (1, 3, 8, 8)])
def test_an_array_that_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(PictureError, match="has shape"):
        to_digit(np.zeros(shape, dtype=np.float32))


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 40))
def test_any_picture_gives_a_digit_or_a_message(seed: int, height: int, width: int) -> None:
    image = np.random.default_rng(seed).random((3, height, width), dtype=np.float32)
    with suppress(PictureError):
        found = to_digit(image)
        np.testing.assert_array_equal(decode_digit(encode_digit(found)), found)


def test_a_message_can_be_said_in_another_language() -> None:
    with pytest.raises(PictureError) as caught:
        read(b"%PDF-1.7")
    message = caught.value.message
    assert message.template == "This is {found}; expected a picture as {formats}."
    assert message.values["found"].template == "a PDF document"
    assert str(message) == str(caught.value)
