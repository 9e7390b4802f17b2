"""What the GPU multiplies at most: GFLOP/s of products of 8192 x 8192 matrices, the best of 20, by precision."""

import torch

SIZE, TRIES = 8192, 20

for name, dtype in ("fp32", torch.float32), ("bf16", torch.bfloat16):
    a, b = (torch.randn(SIZE, SIZE, device="cuda", dtype=dtype) for _ in range(2))
    seconds = []
    for _ in range(TRIES):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        a @ b
        end.record()
        end.synchronize()
        seconds.append(start.elapsed_time(end) / 1e3)
    print(name, 2 * SIZE**3 / min(seconds) / 1e9)
