"""What WhatsApp itself writes into an exported chat, in the languages of its telephones.

The language of an export is that of the telephone. Android puts angle brackets around the placeholder of a
file: those are not listed by language. iOS puts U+200E before each text of its own, but persons paste texts
that begin with the same mark: such a text is the program's if its sender or a name in it shows that.
"""

from __future__ import annotations

import re
from collections.abc import Collection

#: Marks of direction and odd spaces that telephones put between the parts of a line.
MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
#: "03/08/2013, 09:15 - " (Android) and "[03/08/2013, 9:15:22 AM] " (iOS): day, month, year in any order.
START = re.compile(
    r"\[?(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})[,،]?[ \u00a0\u202f]{1,3}"
    r"(?:(?:في|à|às|a las|alle|at|kl\.?|klo|um)[ \u00a0])?"
    r"(\d{1,2}[:.]\d\d(?:[:.]\d\d)?"
    r"(?:[ \u00a0\u202f]?(?:[aApP]\.?[ \u00a0\u202f]?[mM]\.?|[صم]|Ö[ÖS]|[قب]\.[ \u00a0]?ظ\.?))?)"
    r"(?:\][ \u00a0]|[ \u00a0][-–][ \u00a0])"
)
#: Lines in place of a file or a message: "image omitted", "تم حذف هذه الرسالة".
_NO_TEXT = re.compile(
    r"(?:image|video|audio|sticker|GIF|document|Contact card) omitted"
    r"|(?:This message was deleted|You deleted this message)(?: by admin)?\.?"
    r"|Missed (?:group )?(?:voice|video) call.*"
    r"|Waiting for this message\b.*|null"
    r"|(?:تم استبعاد|لم يتم إدراج) (?:ال)?(?:وسائط|صورة|فيديو|صوت|ملصق|مستند|ملف|مقطع|بطاقة|جهة)\b"
    r"[^\n.]{0,25}"
    r"|(?:صورة|فيديو|ملصق|مقطع صوتي|مستند|صوت) (?:مستبعدة|مستبعد|محذوفة|محذوف)"
    r"|(?:لقد )?(?:تم (?:حذف|مسح)|حذفت)(?: أنت)? هذه الرسالة\.?|في انتظار هذه الرسالة\b.*"
    r"|مكالمة (?:صوتية|فيديو|مرئية)(?: جماعية)? فائتة.*"
    r"|(?:Bild|Video|Audio|GIF|Sticker|Dokument) weggelassen|(?:image|vidéo) absente|(?:audio|sticker) omis"
    r"|(?:imagen|imagem|video|vídeo|audio|áudio|sticker|figurinha|documento|GIF) (?:omitid[oa]|ocultad[oa])"
    r"|(?:immagine|video|audio|sticker|documento|GIF) omess[oa]"
    r"|(?:afbeelding|video|audio|sticker|document|GIF) weggelaten"
    r"|(?:bild|video|ljud|klistermärke|dokument|GIF) utelämna[dt]|GIF (?:omis|dahil edilmedi)"
    r"|(?:изображение|видео|аудиофайл|стикер|документ|GIF) (?:пропущен[оа]?|опущен[оа]?|отсутствует)"
    r"|(?:تصویر|ویدیو|صوت|برچسب|سند|GIF) (?:حذف شد|حذف شده است)"
    r"|(?:görüntü|video|ses|çıkartma|belge) dahil edilmedi"
    r"|(?:Diese Nachricht wurde|Du hast diese Nachricht) gelöscht\.?|Verpasster (?:Sprach|Video)anruf.*"
    r"|Ce message a été supprimé\.?|Vous avez supprimé ce message\.?|Appel (?:vocal|vidéo) manqué.*"
    r"|(?:Se eliminó|Eliminaste) este mensaje\.?|(?:Videollamada|Llamada)(?: perdida| de voz perdida).*"
    r"|Bu mesaj silindi\.?|Bu mesajı sildiniz\.?|Cevapsız (?:sesli|görüntülü) arama.*",
    re.IGNORECASE,
)
#: The same in brackets, in any language: "<Media omitted>". What holds a sign of markup is a text.
_BRACKETED = re.compile(r"<[^<>/=&:\n]{3,60}>")
#: The first sentence of every chat.
_ENCRYPTED = re.compile(
    r"Messages and calls are end-to-end encrypted\b|الرسائل والمكالمات م[\u064e\u064f]?شف[\u0651]?رة"
    r"|Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt|Les messages et les appels sont chiffrés"
    r"|Los mensajes y las llamadas están cifrados|Mesajlar ve aramalar uçtan uca şifreli"
)
_EDITED = re.compile(
    "\u200e?<(?:This message was edited|تم تعديل هذه الرسالة|عُدلت هذه الرسالة"
    "|Diese Nachricht wurde bearbeitet|Ce message a été modifié|Se editó este mensaje"
    "|Bu mesaj düzenlendi)\\.?>"
)
FILE = re.compile(
    r"<[^\W\d_][^<>:/=\n]{2,24}: ([^<>\n]{1,200}\.\w{2,5})>"
    r"|([^\s<>/]{1,200}\.\w{2,5}) \((?:file attached|الملف مرفق|ملف مرفق|Datei angehängt|fichier joint"
    r"|archivo adjunto|arquivo anexado|file allegato|bestand bijgevoegd|dosya ekli|файл добавлен)\)"
)
#: Maximum length of a notice of iOS about what somebody did. Longer texts, and those with a long number or an
#: address, are messages of persons.
_IOS_SHORT = 80
_NUMBER = re.compile(r"\d{4}|://")
#: How the program speaks to the owner of the telephone.
_TO_READER = re.compile(
    r"(?:You(?:'re| (?:added|removed|created|changed|left|joined|were|turned|blocked|unblocked|pinned))"
    r"|Du (?:hast|bist|wurdest)|Vous (?:avez|êtes)|(?:Añadiste|Eliminaste|Creaste|Cambiaste|Saliste)"
    r"|(?:لقد )?(?:قمت ب|تمت إضافتك|تمت إزالتك|انضممت |أضفت |أنشأت |غي[\u0651]?رت |حظرت |ألغيت حظر ))\b",
    re.IGNORECASE,
)
_CHAT_NAMES = (
    re.compile(
        r"(?:WhatsApp[- ]Chatt? (?:with|mit|met|med|-)|(?:Discussion|Chat|Conversa) (?:de |do )?WhatsApp"
        r" (?:avec|con|com|-)|(?:محادثة|دردشة|گپ) (?:واتساب|واتس آب|واتساپ|WhatsApp) (?:مع|با|-))[ _]*(.+)",
        re.IGNORECASE,
    ),
    re.compile(r"^(.+) ile WhatsApp Sohbeti", re.IGNORECASE),
)
_NAMELESS = re.compile(r"_?chat", re.IGNORECASE)


def plain_line(line: str) -> str:
    """Return a line without marks of direction and with Latin digits, each character in its place."""
    return MARKS.sub("", line).lstrip().translate(_DIGITS)


def passed_kind(sender: str, text: str, names: Collection[str]) -> str:
    """Return what a message is if it has no text of its own, else ""; `text` is as in the file.

    `names` are those that only the program uses as a sender: that of the chat.
    """
    plain = MARKS.sub("", text).strip()
    if not sender or _ENCRYPTED.match(plain) or _ENCRYPTED.match(sender):
        return "service"
    without_files = FILE.sub("", plain).strip()
    if not without_files or stands_for_file(plain):
        return "media without text"
    is_short = "\n" not in text.strip() and not _NUMBER.search(text) and len(plain) <= _IOS_SHORT
    is_marked = text.startswith("\u200e") and without_files == plain and is_short
    is_said = sender in names or sender in plain or _TO_READER.match(plain)
    return "service" if is_marked and is_said else ""


def stands_for_file(text: str) -> bool:
    """Return True if a text is a placeholder for a file or a deleted message, without the file's name."""
    plain = MARKS.sub("", text).strip()
    return (_NO_TEXT.fullmatch(plain) or _BRACKETED.fullmatch(plain)) is not None


def own_text(text: str) -> str:
    """Return a text without what the program adds: that it was edited, that its picture was left out."""
    own = _EDITED.sub("", text.rstrip())
    before, mark, said = own.rpartition("\u200e")
    if mark and before.strip() and _NO_TEXT.fullmatch(said.strip()):
        own = before
    first, end, more = own.partition("\n")
    return (MARKS.sub("", first) + end + more).rstrip()


def text_behind(line: str, count: int) -> str:
    """Return what follows the first `count` characters of a line, with marks, which do not count.

    Spaces before the first other character do not count either.
    """
    at = next((at for at, char in enumerate(line) if not (MARKS.match(char) or char.isspace())), len(line))
    while count and at < len(line):
        count -= MARKS.match(line[at]) is None
        at += 1
    return line[at:]


def chat_name(file: str) -> str:
    """Return the name of the chat, which the name of the file or of its archive says, "" if neither does."""
    for part in reversed(file.replace("\\", "/").split("/")):
        stem = part.rpartition(".")[0] or part
        if found := next(filter(None, (pattern.search(stem) for pattern in _CHAT_NAMES)), None):
            return " ".join(found[1].split())[:200]
        if not _NAMELESS.fullmatch(stem):
            return ""
    return ""
