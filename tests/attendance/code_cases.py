"""What is held before a camera or typed at check-in, and what it is: for the reader on the server and in a browser."""

HOSTS = ("center.example.cn", "localhost:8000")
CARD = "ABCDEFGHIJKLMNOPQRSTUVWX27"
SLIP = "K7QM-2F9D"

UNKNOWN: dict[str, str] = {
    "nothing": "",
    "blanks": " \t\r\n",
    "a NUL": "K7QM-2F9D\x00",
    "only a NUL": "\x00",
    "a control character inside": "K7QM\x1b2F9D",
    "emoji": "😀😀😀😀😀😀😀😀",
    "emoji beside a number": "K7QM-2F9D😀",
    "10 kB": "A" * 10_000,
    "65 letters and blanks": CARD + " " * 38 + "A",
    "a name": "张伟",
    "a phone number": "13800000000",
    "one letter too few": CARD[:-1],
    "one letter too many": CARD + "A",
    "9, which no card has": CARD[:-1] + "9",
    "another kind of card": f"QH2:{CARD}",
    "a letter that numbers do not have": "K7QM-2F9I",
    "small letters that are no ASCII": "k7qm-2f9\u0131",
    "a letter that is two in capitals": "K7QM-2Fß",
    "digits of another script": "K7QM-\u0662F9D",
    "another site": f"https://evil.example/sign-ups/{SLIP}",
    "another site with our name before an @": f"https://center.example.cn@evil.example/sign-ups/{SLIP}",
    "another site whose name begins with ours": f"https://center.example.cn.evil.example/sign-ups/{SLIP}",
    "another port": f"https://center.example.cn:8443/sign-ups/{SLIP}",
    "another site with ours in its path": f"https://evil.example/https://center.example.cn/sign-ups/{SLIP}",
    "backslashes": f"https:\\\\center.example.cn\\sign-ups\\{SLIP}",
    "no page of somebody": "https://center.example.cn/activities",
    "a number that is not at the end": f"https://center.example.cn/sign-ups/{SLIP}/cancel",
    "a number in the query": f"https://center.example.cn/?code={SLIP}",
    "a card in an address": f"https://center.example.cn/{CARD}",
    "another scheme": f"javascript://center.example.cn/{SLIP}",
    "a payment": "weixin://wxpay/bizpayurl?pr=abcdefg",
    "an address of 300 letters": f"https://center.example.cn/{'a/' * 140}{SLIP}",
    "half a pair": "K7QM-2F9\ud800",
    "brackets": f"https://[/{SLIP}",
}
CARDS: dict[str, str] = {
    "as it is in the square": f"QH1:{CARD}",
    "small letters": f"qh1:{CARD.lower()}",
    "in groups": f"QH1: {' '.join(CARD[n : n + 4] for n in range(0, 26, 4))}",
    "in groups with dashes": "-".join(CARD[n : n + 4] for n in range(0, 26, 4)),
    "without its beginning": CARD,
    "without the colon": f"QH1{CARD}",
    "full-width, as a Chinese input method types": "".join(chr(ord(c) + 0xFEE0) for c in f"QH1:{CARD}"),
    "with the scanner's Enter": f"QH1:{CARD}\r\n",
    "with a joiner copied from a page": f"QH1:{CARD[:4]}\u2060{CARD[4:]}\ufeff",
}
MISREAD = {"AB0DEFGHIJKLMNOPQRSTUVWX18": "ABODEFGHIJKLMNOPQRSTUVWXIB"}
SLIPS: dict[str, str] = {
    "as it is printed": SLIP,
    "small letters": SLIP.lower(),
    "without its dash": "K7QM2F9D",
    "with blanks": "  K7QM 2F9D ",
    "full-width": "Ｋ７ＱＭ－２Ｆ９Ｄ",
    "with a longer dash": "K7QM—2F9D",
    "with an ideographic blank": "K7QM\u30002F9D",
    "its address": f"https://center.example.cn/sign-ups/{SLIP}",
    "its address on another of our names": f"http://localhost:8000/sign-ups/{SLIP}",
    "its address in capitals": f"HTTPS://CENTER.EXAMPLE.CN/SIGN-UPS/{SLIP}",
    "its address in a language": f"https://center.example.cn/sign-ups/{SLIP}?lang=en",
    "full-width address": f"https：／／center.example.cn／sign-ups／{SLIP}",
}
