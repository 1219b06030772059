"""The comparisons, each a function of the number of rounds that returns rows of a table."""
import copy
import os
import subprocess
import tempfile
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn

from benchmarks.loops import PlainLoop
from benchmarks.measure import in_own_process, ratios, seconds, side_by_side
from si_regimes.config import RunConfig, recipe
from si_regimes.curvature import curvature_operator, frozen_copy
from si_regimes.data import import_torchvision
from si_regimes.invariance import scale_invariant_groups
from si_regimes.optim import SphereSGD
from si_regimes.training import Run

SIZES = dict(  # name → what is trained, steps timed at once
    digits=(recipe('digits'), 45),
    fashion_mnist=(recipe('fashion_mnist', n_train=4096), 4),
    cifar=(RunConfig(dataset='generated', width=32, batch_size=128), 1),
    resnet18=(RunConfig(dataset='generated', model='resnet18_si', width=64, batch_size=128), 1))


def run_of(name, **changes):
    "A run that has trained a little"
    run = Run(replace(SIZES[name][0], elr=1e-3, evaluate_every=10**6, **changes))
    for index in run.epoch_batches()[:3]: run.train_step(*run.images(index))
    return run


def batches_of(run, n):
    "Index tensors of `n` batches, over and over"
    order = run.epoch_batches()
    return [order[i % len(order)] for i in range(n)]


def passes(run, x, y, *_):
    "What no training can do without: forward and backward"
    run.optimizers.zero_grad()
    F.cross_entropy(run.outputs(x), y).backward()


def our_steps(run, indices):
    "Steps with all that the table holds"
    for index in indices: run.train_step(*run.images(index))
    run.rows.means()
    run.rows.clear()


def parts(rounds):
    "a training step of digits, each line with all that the lines above it do (ms)"
    run = run_of('digits')
    indices = batches_of(run, 45)
    batch = run.images(indices[0])

    def optimised():
        run.backward(*batch)
        run.optimizers.step(run.sphere)
    functions = {'forward and backward': partial(passes, run, *batch),
                 'loss and error of each image': partial(run.backward, *batch),
                 'optimiser, with norms and angle': optimised,
                 'settings of the process, schedule': partial(run.train_step, *batch)}
    many = {name: partial(repeat, f, 45) for name, f in functions.items()}
    many['images and rows of the table'] = partial(our_steps, run, indices)
    return ratios(side_by_side(many, rounds), 'forward and backward', 1e3/45)


def repeat(function, n):
    for _ in range(n): function()


def step(rounds, names=('digits', 'fashion_mnist', 'cifar')):
    "a training step with its row of the table, against its own forward and backward pass (ms)"
    def rows(name):
        run, n = run_of(name), SIZES[name][1]
        indices = batches_of(run, n)
        alone = partial(passes, run, *run.images(indices[0]))
        functions = {'forward and backward': partial(repeat, alone, n),
                     'our step': partial(our_steps, run, indices)}
        return ratios(side_by_side(functions, rounds), 'forward and backward', 1e3/n, size=name)
    return sum(map(rows, names), [])


def epochs(rounds, name, **changes):
    "Rows for one size"
    run, plain = run_of(name, **changes), PlainLoop(run_of(name, n_train=changes.get('n_train')))

    def ours():
        run.train_epoch()
        run.rows.means()
    functions = {'by hand': plain.epoch, 'by hand, with the metrics of figure 1':
                 plain.epoch_with_metrics, 'ours, with them': ours}
    label = ', '.join([name, *(f'{k}={v}' for k, v in changes.items() if k != 'n_train')])
    return ratios(side_by_side(functions, min(rounds, 3)), 'by hand', 1, size=label)


def loop(rounds):
    "an epoch of training, against a loop written by hand (s)"
    return epochs(rounds, 'digits') + epochs(rounds, 'fashion_mnist', n_train=1024)


def cifar(rounds):
    "the same at the size of CIFAR, also with channels last and in bfloat16 (s)"
    last, small = dict(channels_last=True), dict(n_train=512) # four steps
    return [*epochs(rounds, 'cifar', **small), *epochs(rounds, 'cifar', **last, **small),
            *epochs(rounds, 'cifar', precision='bfloat16', **last, **small)]


def optimizer(rounds):
    "a step on the sphere, against torch's SGD with foreach (ms)"
    nets = {'ConvNet of digits': run_of('digits').model,
            'ResNet-18': import_torchvision().models.resnet18(num_classes=10)}

    def rows(name, model):
        ours, theirs = ([p for p in copy.deepcopy(model).parameters() if p.ndim > 1]
                        for _ in range(2))
        for p in ours + theirs: p.grad = torch.randn_like(p)/p.numel()
        sphere = SphereSGD(ours, 1e-4, nonfinite='skip')
        flat = torch.optim.SGD(theirs, 1e-4, foreach=True)

        def steps(optimizer):
            for _ in range(20): optimizer.step()
        functions = {'SGD': partial(steps, flat), 'SphereSGD': partial(steps, sphere)}
        return ratios(side_by_side(functions, rounds), 'SGD', 1e3/20, size=name)
    return [row for name, model in nets.items() for row in rows(name, model)]


class Decoder(nn.Module):
    "A pre-norm transformer, of 100 million weights by default"
    def __init__(self, width=768, layers=12, words=16_000):
        super().__init__()
        self.embed, self.norm = nn.Embedding(words, width), nn.LayerNorm(width)
        layer = nn.TransformerEncoderLayer(width, width//64, 4*width, dropout=0., batch_first=True,
                                           norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.head = nn.Linear(width, words, bias=False)

    def forward(self, tokens): return self.head(self.norm(self.blocks(self.embed(tokens))))


_DETECTION = '''
import json, time, torch
torch.set_num_threads(threads)
from benchmarks.cases import Decoder
from benchmarks.measure import peak
from si_regimes.invariance import scale_invariant_groups
model, tokens = Decoder(), torch.randint(16_000, (1, 16))
size, before = sum(p.nbytes for p in model.parameters())/2**20, peak()
start = time.perf_counter()
groups = scale_invariant_groups(model, tokens)
took = time.perf_counter() - start
print(json.dumps(dict(time=took, memory=(peak() - before)/size, groups=len(groups))))
'''


def detection(rounds):
    "`scale_invariant_groups` (s), against forward and backward; memory in units of the model"
    torch.set_num_threads(os.cpu_count())
    model = import_torchvision().models.resnet18(num_classes=10)
    x = torch.randn(16, 3, 32, 32)

    def backward():
        model.zero_grad()
        model(x).square().sum().backward()
    functions = {'forward and backward': backward,
                 'detection': lambda: scale_invariant_groups(model, x)}
    rows = ratios(side_by_side(functions, min(rounds, 3)), 'forward and backward', 1,
                  size='ResNet-18')
    found = in_own_process(_DETECTION, threads=os.cpu_count())
    torch.set_num_threads(1)
    what = f'detection, beside the model {found["memory"]:.2f} times its memory'
    return rows + [dict(size='transformer of 110 M weights', what=what,
                        time=round(found['time'], 1))]


def curvature(rounds):
    "a product with the Hessian, against curvlinops' own operator and two backward passes (ms)"
    from curvlinops import HessianLinearOperator
    run = run_of('digits')
    x, y, _ = run.images(torch.arange(256))
    names, net = run.names, frozen_copy(run.model)  # curvlinops takes no BatchNorm that counts
    params = [net.get_parameter(name) for name in names]
    own = curvature_operator(run.model, 'cross_entropy', (x, y), spherical=False, names=names)
    theirs = HessianLinearOperator(net, nn.CrossEntropyLoss(), params, [(x, y)])
    v = torch.randn(sum(p.numel() for p in params))
    parts = [p.view_as(w) for p, w in zip(v.split([w.numel() for w in params]), params)]

    def twice():
        grads = torch.autograd.grad(F.cross_entropy(net(x), y), params, create_graph=True)
        return torch.autograd.grad(grads, params, parts)
    functions = {'two backward passes': twice, 'ours': lambda: own @ v,
                 'curvlinops': lambda: theirs @ v}
    return ratios(side_by_side(functions, rounds), 'two backward passes', size='digits')


_READING = '''
import json, time
import pandas as pd
from benchmarks.measure import peak
from si_regimes.sweeps import load_history
before, start = peak(), time.perf_counter()
table = load_history(root) if ours else pd.read_csv(f'{root}/history.csv')
print(json.dumps(dict(time=time.perf_counter() - start, rows=len(table), before=before,
                      peak=peak())))
'''


def written(root, runs, rows):
    "A sweep of made-up runs under a root"
    from si_regimes.store import RunFolder
    from upath import UPath
    run = Run(RunConfig(n_train=64, epochs=1, elr=1e-3))
    for k in range(runs):
        config = RunConfig(elr=1e-3*(1 + k//5), seed=k % 5, epochs=rows)
        table = pd.DataFrame([run.add_row()] if k == 0 else run.history[:1])
        table = pd.concat([table]*rows, ignore_index=True)
        table = table.assign(run=config.name, elr=config.elr, seed=config.seed,
                             epoch=range(rows), train_loss=torch.rand(rows).numpy(),
                             train_error=torch.rand(rows).numpy())
        folder = RunFolder(UPath(root)/config.name)
        folder.write_config(config)
        folder.write(table, dict(w=torch.zeros(1)), dict(config={}, plain={}))


def reading(rounds):
    "a sweep's table from the folders of its runs, against one file of pandas (s, peak in MB)"
    def rows(runs, epochs):
        with tempfile.TemporaryDirectory() as root:
            written(root, runs, epochs)
            from si_regimes.sweeps import load_history
            load_history(root).to_csv(f'{root}/history.csv', index=False)
            found = {name: in_own_process(_READING, root=root, ours=name == 'ours')
                     for name in ('pandas', 'ours')}
        base = found['pandas']['time']
        return [dict(size=f'{runs} runs, {row["rows"]:,} rows', what=name, of='pandas',
                     time=round(row['time'], 2), ratio=round(row['time']/base, 2),
                     peak=round(row['peak']), imports=round(row['before']))
                for name, row in found.items()]
    return rows(600, 60) + rows(600, 1667)


def imports(rounds):
    "`import` in a fresh Python, against torch and pandas (s of processor time)"
    code = 'import json, time\n{}\nprint(json.dumps(time.process_time()))'
    names = ['torch, pandas', 'si_regimes', *(f'si_regimes.{m}' for m in
             ('toy', 'regimes', 'optim', 'invariance', 'watch', 'sweeps', 'widgets'))]
    functions = {name: partial(in_own_process, code.format(f'import {name}'))
                 for name in names}
    times = {name: np.array([f() for _ in range(min(rounds, 3))]) for name, f in functions.items()}
    return ratios(times, 'torch, pandas', 1)


def sweep(rounds):
    "the main command from nothing, against what its runs need by themselves (s)"
    run, cores = run_of('digits'), os.cpu_count()

    def own():
        for index in batches_of(run, 450): passes(run, *run.images(index))
    before = seconds(own)
    with tempfile.TemporaryDirectory() as root:
        took = seconds(partial(subprocess.run, ['si_sweep', '--root', root], check=True,
                               capture_output=True))
        history = pd.read_csv(f'{root}/history.csv')
    alone = (before + seconds(own))/2/450*history.groupby('run').step.max().sum()

    def row(what, time):
        return dict(of=f'{what} on {cores} cores', ratio=round(took/time*cores, 2))
    found = row('its epochs', history.seconds.sum()), row('forward and backward', alone)
    return [dict(what='si_sweep', time=round(took, 1)) | row for row in found]


def gpu(rounds):
    "the same on a GPU: ConvNet and ResNet-18 at CIFAR size"
    if not torch.cuda.is_available(): return [dict(what='not run: there is no GPU here')]
    return step(rounds, ['cifar', 'resnet18']) + cifar(rounds)


CASES = dict(parts=parts, step=step, loop=loop, cifar=cifar, optimizer=optimizer,
             detection=detection, curvature=curvature, reading=reading, imports=imports,
             sweep=sweep, gpu=gpu)
