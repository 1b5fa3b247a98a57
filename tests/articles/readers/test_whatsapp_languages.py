"""Chats of WhatsApp in the languages of telephones: nothing that the program says is a text."""

from __future__ import annotations

import pytest

from tests.articles.readers.sample_files import MORE, TEXT, parse_file

LRM, RLM, THIN = "\u200e", "\u200f", "\u202f"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def android(day: str, separator: str, media: str, encrypted: str, time: str = "09:15") -> str:
    """Return a chat of two days; `day` has the day and the month of the first one in braces."""
    first, second = day.format(3), day.format(15)
    return (
        f"{first}{separator}{time} - {encrypted}\n{first}{separator}{time} - Leila: {TEXT}\n{MORE}\n"
        f"{first}{separator}{time} - Sami: {media}\n{second}{separator}{time} - Sami: {MORE}\n"
    )


CHATS = {
    "English, narrow space": (
        "WhatsApp Chat with Nahr.txt",
        android("8/{}/13", ", ", "<Media omitted>", "Messages are end-to-end encrypted.", f"9:15{THIN}AM"),
    ),
    "German": (
        "WhatsApp Chat mit Nahr.txt",
        android("{:02}.08.13", ", ", "<Medien ausgeschlossen>", "Nachrichten sind verschlüsselt."),
    ),
    "French": (
        "Discussion WhatsApp avec Nahr.txt",
        android("{:02}/08/2013", " à ", "<Médias omis>", "Les messages et les appels sont chiffrés."),
    ),
    "Spanish": (
        "Chat de WhatsApp con Nahr.txt",
        android("{}/8/13", ", ", "<Multimedia omitido>", "Los mensajes están cifrados.", "9:15 a.\u00a0m."),
    ),
    "Turkish": (
        "Nahr ile WhatsApp Sohbeti.txt",
        android("{:02}.08.2013", " ", "<Medya dahil edilmedi>", "Mesajlar uçtan uca şifrelidir."),
    ),
    "Swedish": ("WhatsApp-chatt med Nahr.txt", android("2013-08-{:02}", " ", "<Media utelämnade>", "Hej.")),
    "Persian": ("گپ واتساپ با Nahr.txt", android("2013/8/{}", f"،{RLM} ", "<رسانه حذف شد>", "پیام‌ها")),
    "Arabic": (
        "محادثة واتساب مع Nahr.txt",
        android(f"{{}}{RLM}/8{RLM}/2013", "، ", "<تم استبعاد الوسائط>", "الرسائل مشفرة", "9:15 ص")
        .translate(ARABIC_DIGITS),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), CHATS.values(), ids=CHATS)
def test_a_chat_of_a_telephone_in_any_language_has_its_days_and_texts_alone(name: str, text: str) -> None:
    first, second = parse_file(name, text.encode())
    assert [(each.date, each.source) for each in (first, second)] == [
        ("2013-08-03", "Nahr"), ("2013-08-15", "Nahr"),
    ]  # fmt: skip
    assert first.body.endswith(f"Leila: {TEXT}\n{MORE}")
    assert first.byline == "Leila"
    assert second.body.endswith(f"Sami: {MORE}")


def ios(*messages: tuple[str, str]) -> bytes:
    """Return a chat of an iPhone; a message is its sender and its text."""
    return "".join(f"[03/08/2013, 09:15:22] {by}: {text}\r\n" for by, text in messages).encode()


@pytest.mark.parametrize(
    "said",
    [
        f"{LRM}Bild weggelassen", f"{LRM}image absente", f"{LRM}لم يتم إدراج الصورة",
        f"{LRM}تم استبعاد الصورة",
        f"{LRM}Sami hat Leila hinzugefügt", f"{LRM}Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
        f"{LRM}This message was deleted.", f"{LRM}You added Leila", f"{LRM}afbeelding weggelaten",
        f"{LRM}imagem ocultada", f"{LRM}immagine omessa", f"{LRM}изображение пропущено",
    ],
)  # fmt: skip
def test_what_an_iphone_says_in_place_of_a_message_is_no_text(said: str) -> None:
    (found,) = parse_file("WhatsApp Chat - Nahr.zip/_chat.txt", ios(("Leila", TEXT), ("Sami", said)))
    assert found.body == f"09:15:22 Leila: {TEXT}"
    assert found.byline == "Leila"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{TEXT} {LRM}image omitted", TEXT),
        (f"{TEXT} {LRM}<This message was edited>", TEXT),
        (f"{LRM}+963 999 123456", "+963 999 123456"),
        (f"{TEXT} {LRM}+963 999", f"{TEXT} +963 999"),
        (f"{LRM}{TEXT}", TEXT),
        (f"{LRM}Location: https://maps.example.org/?q=34", "Location: https://maps.example.org/?q=34"),
        (f"{TEXT} {LRM}<attached: 1-PHOTO.jpg>", f"{TEXT} <attached: 1-PHOTO.jpg>"),
        ("<b>عاجل</b>", "<b>عاجل</b>"),
        (f"{LRM}غادر الوفد دمشق", "غادر الوفد دمشق"),
        (f"{LRM}تمام", "تمام"),
        (f"{LRM}Leila is on her way", "Leila is on her way"),
    ],
)
def test_what_a_person_wrote_stays_and_what_the_program_adds_goes(text: str, kept: str) -> None:
    (found,) = parse_file("_chat.txt", ios(("Leila", MORE), ("Sami", text)))
    assert found.body == f"09:15:22 Leila: {MORE}\n09:15:22 Sami: {kept}"


def test_what_an_iphone_says_in_the_name_of_a_group_is_no_text() -> None:
    (found,) = parse_file(
        "WhatsApp Chat - Nahr.zip/_chat.txt", ios(("Nahr", f"{LRM}غادر سامي"), ("Leila", f"{LRM}غادر سامي"))
    )
    assert (found.body, found.byline) == ("09:15:22 Leila: غادر سامي", "Leila")
