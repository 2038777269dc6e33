"""Renders the chart of the folder given with Helm itself, with the values given as JSON. Prints
the resources as JSON. Fails on what `helm lint` or Kubernetes' schemas don't take."""

import json
import sys

import helm_python as helm
import kubernetes_validate
import yaml

folder, values = sys.argv[1], json.loads(sys.argv[2])
found = helm.lint(folder, values)
with helm.Chart.load(folder) as chart:
    files = chart.render(values, name="movies", namespace="movies")
resources = [
    resource
    for name, text in sorted(files.items())
    if name.endswith(".yaml")
    for resource in yaml.safe_load_all(text)
    if resource
]
# Schemas of operators' resources are not at hand; the test that runs this looks at these.
for resource in resources:
    if resource["apiVersion"].startswith("monitoring.coreos.com/"):
        continue
    kubernetes_validate.validate(resource, "1.34", strict=True)
print(json.dumps({"lint": found, "resources": resources}, default=str))
