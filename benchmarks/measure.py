"""Times side by side in one process, and the memory of a process of its own."""
import json
import os
import platform
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch


def hardware():
    "What the numbers were measured on"
    with open('/proc/cpuinfo') if os.path.exists('/proc/cpuinfo') else open(os.devnull) as file:
        names = [line.split(':')[1].strip() for line in file if line.startswith('model name')]
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else 'none'
    return dict(processor=(names or [platform.processor()])[0], cores=os.cpu_count(), gpu=gpu,
                system=platform.platform(terse=True), python=platform.python_version(),
                torch=torch.__version__, threads=torch.get_num_threads())


def peak():
    "The most memory (MB) that this process has had"
    status = Path('/proc/self/status')  # unlike ru_maxrss without what the parent had
    if not status.exists(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/1024
    return int(re.search(r'VmHWM:\s+(\d+)', status.read_text())[1])/1024


def seconds(function):
    "How long a call takes"
    if torch.cuda.is_available(): torch.cuda.synchronize()
    start = time.perf_counter()
    function()
    if torch.cuda.is_available(): torch.cuda.synchronize()
    return time.perf_counter() - start


def side_by_side(functions, rounds):
    "Seconds of each function (name → (rounds,)), which take turns; the first turn does not count"
    turns = [{name: seconds(f) for name, f in functions.items()} for _ in range(rounds + 1)]
    return {name: np.array([turn[name] for turn in turns[1:]]) for name in functions}


def ratios(times, base, unit=1e3, **more):
    "A row for each function: its time, and how often the time of `base` that is, round by round"
    def row(name, t):
        low, middle, high = np.quantile(t/times[base], (.1, .5, .9))
        return dict(what=name, time=round(float(np.median(t))*unit, 3), ratio=round(middle, 3),
                    low=round(low, 3), high=round(high, 3))
    return [more | row(name, t) | dict(of=base) for name, t in times.items()]


def in_own_process(code, **values):
    "What a piece of code prints as JSON in a Python of its own; `values` are its variables"
    text = '\n'.join([f'{name} = {value!r}' for name, value in values.items()] + [code])
    run = subprocess.run([sys.executable, '-c', text], capture_output=True, text=True)
    if run.returncode: raise RuntimeError(run.stderr[-2000:])
    return json.loads(run.stdout.splitlines()[-1])
