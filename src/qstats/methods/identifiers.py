"""Is an enterprise code written right?

Check characters of the unified social credit identifier (GB 32100-2015, ISO 7064 style mod 31) and of the
organisation code (GB 11714-1997, mod 11), by table look-up over whole arrays.
"""

import numpy as np
from numpy.typing import NDArray

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of GB 32100-2015 in the order of their values (no I, O, S, V, Z)."""

_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CREDIT_WEIGHTS = np.array([pow(3, position, 31) for position in range(17)])
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_ORGANISATION_CHECKS = "0X987654321"
_INVALID = -(10**6)


def _value_table(alphabet: str) -> NDArray[np.int64]:
    table = np.full(128, _INVALID, dtype=np.int64)
    for value, character in enumerate(alphabet):
        table[ord(character)] = value
    return table


_CREDIT_VALUES = _value_table(CREDIT_ALPHABET)
_ORGANISATION_VALUES = _value_table(_ORGANISATION_ALPHABET)


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
