"""Prints scikit-learn's figures for classifications, one JSON object per line.

    classification.py CASES.jsonl

Each line of the file: {"labels": […], "predictions": […], "classes": N, "scores": […] or null}.
"""

import json
import sys
import warnings

from sklearn import metrics

warnings.filterwarnings("ignore")
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        case = json.loads(line)
        labels, predictions, classes = case["labels"], case["predictions"], list(range(case["classes"]))

        def figures(average):
            values = metrics.precision_recall_fscore_support(
                labels, predictions, labels=classes, average=average, zero_division=0)
            return [list(map(float, column)) for column in values[:3]] if average is None else list(map(float, values[:3]))

        area = None
        if case["scores"] is not None and len(set(labels)) == 2:
            area = float(metrics.roc_auc_score(labels, case["scores"]))
        print(json.dumps({
            "accuracy": float(metrics.accuracy_score(labels, predictions)), "classes": figures(None),
            "macro": figures("macro"), "weighted": figures("weighted"), "area": area,
            "confusion": metrics.confusion_matrix(labels, predictions, labels=classes).tolist()}))
