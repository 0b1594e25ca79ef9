"""Is an enterprise code written right?

Check characters of the unified social credit identifier (GB 32100-2015, ISO 7064 style mod 31) and of the
organisation code (GB 11714-1997, mod 11), by table look-up over whole arrays; numbers of persons, which
are written in the same columns (GB 11643-1999, mod 11-2).
"""

import numpy as np
from numpy.typing import NDArray

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of GB 32100-2015 in the order of their values (no I, O, S, V, Z)."""

_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CREDIT_WEIGHTS = np.array([pow(3, position, 31) for position in range(17)])
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ORGANISATION_CHECKS = "0X987654321"
_RESIDENT_WEIGHTS = np.array([pow(2, 17 - position, 11) for position in range(18)])
_INVALID = -(10**6)


def _value_table(alphabet: str) -> NDArray[np.int64]:
    table = np.full(128, _INVALID, dtype=np.int64)
    for value, character in enumerate(alphabet):
        table[ord(character)] = value
    return table


_CREDIT_VALUES = _value_table(CREDIT_ALPHABET)
_ORGANISATION_VALUES = _value_table(_ORGANISATION_ALPHABET)
_RESIDENT_VALUES = _value_table("0123456789X")


def credit_code_is_valid(codes: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Whether each 统一社会信用代码 has 18 permitted characters and the right check character.

    Parameters
    ----------
    codes : array of str, shape (n,)
        Upper case, without separators.

    Returns
    -------
    array of bool, shape (n,)
        False for any other length.

    References
    ----------
    GB 32100-2015, clause 5 and annex A.
    """
    values, valid = _values(codes, 18, _CREDIT_VALUES)
    check = (-(values[:, :17] @ _CREDIT_WEIGHTS)) % 31
    return valid & (check == values[:, 17])


def organisation_code_is_valid(codes: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Whether each 组织机构代码 has eight permitted characters and the right check character.

    Parameters
    ----------
    codes : array of str, shape (n,)
        Nine characters, upper case, without the hyphen.

    Returns
    -------
    array of bool, shape (n,)

    References
    ----------
    GB 11714-1997, clause 4.
    """
    values, valid = _values(codes, 9, _ORGANISATION_VALUES)
    checks = np.array([ord(character) for character in _ORGANISATION_CHECKS])
    expected = checks[(values[:, :8] @ _ORGANISATION_WEIGHTS) % 11]
    return valid & (_characters(codes, 9)[:, 8] == expected)


def resident_number_is_valid(numbers: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Whether each is a 公民身份号码: digits with a birthday of 1800 to 2099 and the right check character.

    Parameters
    ----------
    numbers : array of str, shape (n,)
        Upper case, without separators.

    Returns
    -------
    array of bool, shape (n,)

    References
    ----------
    GB 11643-1999, clauses 4 and 5 (ISO 7064, mod 11-2).
    """
    values, valid = _values(numbers, 18, _RESIDENT_VALUES)
    month, day = values[:, 10] * 10 + values[:, 11], values[:, 12] * 10 + values[:, 13]
    century = values[:, 6] * 10 + values[:, 7]
    born = np.isin(century, (18, 19, 20)) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    digits = (values[:, :17] < 10).all(axis=1)
    return valid & digits & born & ((values @ _RESIDENT_WEIGHTS) % 11 == 1)


def _characters(codes: NDArray[np.str_], length: int) -> NDArray[np.uint32]:
    padded = np.asarray(codes, dtype=f"<U{length + 1}")
    return padded.view(np.uint32).reshape(len(padded), length + 1)


def _values(
    codes: NDArray[np.str_], length: int, table: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    characters = _characters(codes, length)
    right_length = (characters[:, length] == 0) & (characters[:, length - 1] != 0)
    values = table[np.minimum(characters[:, :length], 127)]
    return values, right_length & (values >= 0).all(axis=1)
