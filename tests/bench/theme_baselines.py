"""What the themes pipeline is compared with, on the same texts in the same run."""

from __future__ import annotations

import importlib.util

import numpy as np
from scipy import sparse
from sklearn.cluster import HDBSCAN, KMeans
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sknetwork.clustering import Louvain

from comments.nlp.encoders import unit
from comments.nlp.tokens import stop_words
from drafts.law.words import words


def tfidf(texts: list[str]) -> sparse.csr_matrix:
    stop = stop_words()
    return TfidfVectorizer(
        analyzer=lambda text: [w for w in words(text) if w not in stop],
        min_df=2,
        max_df=0.5,
        sublinear_tf=True,
    ).fit_transform(texts)


def tfidf_kmeans(texts: list[str], k: int) -> np.ndarray:
    """K-means on TF-IDF, told the true number of classes."""
    return KMeans(k, n_init=3, random_state=0).fit_predict(tfidf(texts))


def umap_hdbscan(vectors: np.ndarray) -> tuple[str, np.ndarray]:
    """BERTopic-like; without umap-learn the vectors go through PCA, and we say so."""
    if importlib.util.find_spec("umap") is None:
        reduced = PCA(min(50, len(vectors) - 1), random_state=0).fit_transform(vectors)
        name = "PCA50+HDBSCAN (umap-learn is not installed)"
    else:
        import umap

        reduced = umap.UMAP(
            n_components=5,
            n_neighbors=15,
            min_dist=0.0,
            metric="cosine",
            random_state=0,
        ).fit_transform(vectors)
        name = "UMAP5+HDBSCAN"
    smallest = max(5, len(vectors) // 100)
    return name, HDBSCAN(min_cluster_size=smallest, copy=True).fit_predict(reduced)


def recipe_space(texts: list[str], vectors: np.ndarray) -> np.ndarray:
    """Centred encoder vectors and a seeded projection of word TF-IDF, half and half."""
    found = tfidf(texts).astype(np.float32)
    matrix = np.random.default_rng(0).standard_normal((found.shape[1], 512))
    projected = unit(np.asarray(found @ (matrix / np.sqrt(512)).astype(np.float32)))
    return unit(np.hstack([unit(vectors - vectors.mean(axis=0)), projected]))


def _knn(space: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    sims = space @ space.T
    np.fill_diagonal(sims, -2)
    places = np.argpartition(-sims, k, axis=1)[:, :k]
    return places, np.take_along_axis(sims, places, 1)


def recipe(space: np.ndarray, resolution: float = 1.5) -> np.ndarray:
    """The measured recipe: k-nearest graph, consensus of 16 Louvain runs, small
    themes folded, two centroid passes, the 5 % least similar to "other" (-1)."""
    n = len(space)
    places, sims = _knn(space, int(np.clip(n / 8, 10, 30)))
    k = places.shape[1]
    graph = sparse.csr_matrix(
        (
            np.maximum(sims.ravel(), 0) + 1e-6,
            (np.repeat(np.arange(n), k), places.ravel()),
        ),
        shape=(n, n),
    )
    graph = graph.maximum(graph.T).tocsr()

    def louvain(g, seed):
        model = Louvain(resolution=resolution, random_state=seed, shuffle_nodes=True)
        return model.fit_predict(g)

    runs = np.array([louvain(graph, seed) for seed in range(16)])
    edges = graph.tocoo()
    share = (runs[:, edges.row] == runs[:, edges.col]).mean(axis=0)
    kept = share >= 0.5
    labels = louvain(
        sparse.csr_matrix(
            (edges.data[kept] * share[kept], (edges.row[kept], edges.col[kept])),
            shape=graph.shape,
        ),
        0,
    )
    names, sizes = np.unique(labels, return_counts=True)
    big = names[sizes >= max(3, 0.005 * n)]
    labels = np.where(np.isin(labels, big), np.searchsorted(big, labels), -1)
    for _ in range(3):
        centres = unit(
            np.array([space[labels == t].mean(axis=0) for t in range(len(big))])
        )
        sims = space @ centres.T
        labels = sims.argmax(axis=1)
    own = sims.max(axis=1)
    return np.where(own < np.quantile(own, 0.05), -1, labels)


def recipe_rare(space: np.ndarray, count: int) -> np.ndarray:
    """Positions of the ``count`` lowest mean similarities to the ten nearest."""
    density = np.concatenate(
        [
            -np.partition(-(space[at : at + 1000] @ space.T), 11, axis=1)[:, :11]
            for at in range(0, len(space), 1000)
        ]
    )
    return np.argsort((density.sum(axis=1) - 1) / 10, kind="stable")[:count]
