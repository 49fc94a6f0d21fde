"""Whether a word is built as Vietnamese syllables are: how right text is told from garbled text.

    is_syllable("nghiệp")   -> True
    is_syllable("C«ng")     -> False
    is_syllable("bác")      -> True, is_syllable("bàc") -> False: a stopped syllable bears two tones

It knows the build of the language, not its words: "thoăng" passes. Capitals do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSET = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"  # the longest first
_WRITTEN = """
a ac ach ai am an ang anh ao ap at au ay  ăc ăm ăn ăng ăp ăt  âc âm ân âng âp ât âu ây
e ec em en eng eo ep et  ê êc êch êm ên êng ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
oc oe oem oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt  ơ ơi ơm ơn ơp ơt ơu
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up uơ ut
uy uya uych uyên uyêt uyn uynh uyp uyt uyu
ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y ych yêm yên yêng yêt yêu yn ynh yt yu
"""
_RHYMES = _WRITTEN.split()
_SHAPE = re.compile(f"(?:{_ONSET})?(?:{'|'.join(sorted(_RHYMES, key=len, reverse=True))})")
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")
_ALL_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_IN_STOPPED = frozenset("\u0301\u0323")  # before c, ch, p and t only these two
_STOPS = ("c", "ch", "p", "t")


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.lower())
    tones = _ALL_TONES.intersection(letters)
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", letters.translate(_TONES))
    if not _SHAPE.fullmatch(bare):
        return False
    return not (bare.endswith(_STOPS) and tones and not tones <= _IN_STOPPED)
