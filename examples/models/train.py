"""Trains the example models, converts them to ONNX and writes their golden answers.

Uses only data that comes with scikit-learn, and the sentences below. Each model's folder gets:

  model.onnx    the model; every output is a tensor (no maps)
  sample.json   a real Open Inference Protocol request
  golden.json   requests, and what Python's onnxruntime answers to them

Run it from anywhere:  LC_ALL=C python examples/models/train.py
"""

import json
import os
from pathlib import Path

os.environ["LC_ALL"] = "C"  # skl2onnx writes the tokenizer's locale into the model; "C" exists everywhere.

import numpy as np
import onnx
import onnxruntime as ort
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
OPSET = 17
SEED = 20

DATATYPES = {"tensor(float)": "FP32", "tensor(int64)": "INT64", "tensor(string)": "BYTES"}

SENTENCES = {
    "billing": [
        "my invoice shows a charge that I do not know",
        "please refund the second payment of this month",
        "the price on the bill is higher than the offer",
        "I was charged twice for one order",
        "how can I change the card that pays my subscription",
        "send me a receipt for the last payment",
        "the discount is missing on my invoice",
        "my refund has not arrived at the bank",
        "why did the monthly price go up",
        "cancel the subscription and return the money",
    ],
    "delivery": [
        "my parcel has not arrived yet",
        "the courier left the package at a wrong door",
        "when will the order be shipped",
        "the tracking page says that the parcel is lost",
        "can I change the delivery address of my order",
        "the box was open and wet when it came",
        "the driver did not ring at my house",
        "shipping takes longer than three days",
        "please deliver the package to my neighbour",
        "half of the shipment is missing from the box",
    ],
    "technical": [
        "the app crashes when I open the settings",
        "I cannot log in because the password link is broken",
        "the screen stays black after the update",
        "an error message appears when I save a file",
        "the page loads very slowly on my phone",
        "the sound does not work with the new version",
        "how do I install the software on a second computer",
        "the printer is not found by the application",
        "synchronising stops with a network error",
        "the button does nothing when I press it",
    ],
}


def infer_request(session, batch):
    """The Open Inference Protocol body of some rows, with the numbers as a person would write them."""
    (spec,) = session.get_inputs()
    flat = [element for row in batch for element in row]
    shape = [len(batch), len(batch[0])]
    return {"inputs": [{"name": spec.name, "shape": shape, "datatype": DATATYPES[spec.type], "data": flat}]}


def infer_answer(session, feed):
    """The outputs that onnxruntime computes for one feed."""
    outputs = []
    for spec, value in zip(session.get_outputs(), session.run(None, feed)):
        value = np.asarray(value)
        outputs.append(
            {
                "name": spec.name,
                "shape": list(value.shape),
                "datatype": DATATYPES[spec.type],
                "data": value.reshape(-1).tolist(),
            }
        )
    return outputs


def write(name, pipeline, inputs, rows, options=None):
    folder = HERE / name
    folder.mkdir(parents=True, exist_ok=True)
    final = pipeline.steps[-1][1]
    model = convert_sklearn(
        pipeline,
        initial_types=inputs,
        name=name,  # else a random one, and the file would differ each time
        target_opset={"": OPSET, "ai.onnx.ml": 3},
        options={id(final): {"zipmap": False}, **(options or {})},
    )
    model.ir_version = 8
    del model.metadata_props[:]
    onnx.checker.check_model(model)
    (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))

    session = ort.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
    input_name = inputs[0][0]
    cases = []
    for batch in ([rows[0]], [rows[1]], rows):
        feed = {input_name: np.array(batch, dtype=object if isinstance(batch[0][0], str) else np.float32)}
        cases.append({"request": infer_request(session, batch), "outputs": infer_answer(session, feed)})
    (folder / "golden.json").write_text(json.dumps({"cases": cases}) + "\n")
    (folder / "sample.json").write_text(json.dumps(cases[0]["request"]) + "\n")
    print(f"{name}: {(folder / 'model.onnx').stat().st_size} bytes")


def train_iris():
    data = load_iris()
    pipeline = make_pipeline(LogisticRegression(max_iter=1000, random_state=SEED))
    pipeline.fit(data.data, data.target)
    rows = [data.data[index].tolist() for index in (0, 60, 110, 149)]
    write("iris", pipeline, [("input", FloatTensorType([None, 4]))], rows)


def train_breast_cancer():
    data = load_breast_cancer()
    train, test, target, wanted = train_test_split(data.data, data.target, test_size=0.2, random_state=SEED)
    pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, random_state=SEED))
    pipeline.fit(train, target)
    print(f"breast-cancer: accuracy {pipeline.score(test, wanted):.3f}")
    write("breast-cancer", pipeline, [("input", FloatTensorType([None, 30]))], [row.tolist() for row in test[:4]])


def train_digits():
    data = load_digits()
    train, test, target, wanted = train_test_split(data.data, data.target, test_size=0.2, random_state=SEED)
    pipeline = make_pipeline(
        StandardScaler(), MLPClassifier(hidden_layer_sizes=(48,), max_iter=300, random_state=SEED)
    )
    pipeline.fit(train, target)
    print(f"digits: accuracy {pipeline.score(test, wanted):.3f}")
    write("digits", pipeline, [("input", FloatTensorType([None, 64]))], [row.tolist() for row in test[:4]])


def train_text_classifier():
    texts = [text for group in SENTENCES.values() for text in group]
    labels = [label for label, group in SENTENCES.items() for _ in group]
    vectorizer = TfidfVectorizer(lowercase=True, token_pattern=r"[a-z]+", ngram_range=(1, 1))
    pipeline = make_pipeline(vectorizer, LogisticRegression(C=10.0, max_iter=1000, random_state=SEED))
    pipeline.fit(texts, labels)
    rows = [
        ["I was charged twice this month, please refund the payment"],
        ["Where is my parcel? The courier did not come"],
        ["The app shows an error after the update"],
        ["a sentence about nothing of this"],
    ]
    options = {id(vectorizer): {"tokenexp": "[a-z]+", "locale": "C"}}
    write("text-classifier", pipeline, [("text", StringTensorType([None, 1]))], rows, options)


if __name__ == "__main__":
    train_iris()
    train_breast_cancer()
    train_digits()
    train_text_classifier()
