"""A table summarized by a Ray cluster that loses one of its two machines; in a process of its own, since Ray's threads
stay in theirs and connect to other processes long after.

Prints as JSON how many machines are left, and how many rows were summarized, failed and left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ray
from ray.cluster_utils import Cluster

from fastsum.bulk import chunks, summarize_table

MODEL, SOURCE, OUTPUT, LOST_AFTER = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
# A lost machine is noticed sooner, and workers are not put behind all else that runs here.
SETTINGS = {
    "health_check_period_ms": 500, "health_check_timeout_ms": 2000, "health_check_failure_threshold": 2,
    "worker_niceness": 0,
}  # fmt: skip

chunks.ROWS = 128  # as the machines of the cluster have it
head = {"num_cpus": 0, "object_store_memory": 100 << 20, "_system_config": SETTINGS}
cluster = Cluster(initialize_head=True, head_node_args=head)
nodes = [cluster.add_node(num_cpus=1, object_store_memory=100 << 20) for _ in range(2)]


def kill_one(done: int) -> None:
    if done >= LOST_AFTER and len(nodes) == 2:
        cluster.remove_node(nodes.pop(), allow_graceful=False)


try:
    ray.init(address=cluster.address, log_to_driver=False)
    report = summarize_table(
        SOURCE, OUTPUT, model=MODEL, device="cpu", precision="fp32", sentences=2, engine="ray", workers=2,
        progress=kill_one,
    )  # fmt: skip
finally:
    ray.shutdown()
    cluster.shutdown()
print(json.dumps({"machines": len(nodes), "rows": report[:3]}))
