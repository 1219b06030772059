"""The loop that one would write by hand, to compare with."""
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class PlainLoop:
    "A DataLoader, numbers read at every step, a checkpoint an epoch, a pass for the gradient norm"
    def __init__(self, run):
        data, self.elr = run.data, run.config.elr
        images = TensorDataset(data.normalise(data.train_x), data.train_y)
        self.loader = DataLoader(images, run.batch_size, shuffle=True)
        self.model, self.device = run.model, run.device
        self.weights = run.sphere
        self.optimizer = torch.optim.SGD(self.weights, lr=1.)
        self.radius = self.norm(self.weights)
        self.folder = tempfile.TemporaryDirectory()

    def norm(self, tensors): return sum((t**2).sum().item() for t in tensors)**.5

    def backward(self, x, y):
        loss = F.cross_entropy(self.model(x.to(self.device)), y.to(self.device))
        self.optimizer.zero_grad()
        loss.backward()
        return loss.item()

    def step(self, x, y):
        loss = self.backward(x, y)
        self.optimizer.param_groups[0]['lr'] = self.elr*self.radius**2
        self.optimizer.step()
        with torch.no_grad():
            scale = self.radius/self.norm(self.weights)
            for w in self.weights: w.mul_(scale)
        return loss

    def epoch(self):
        "Train for an epoch and write a checkpoint"
        losses = [self.step(x, y) for x, y in self.loader]
        torch.save(self.model.state_dict(), Path(self.folder.name)/'checkpoint.pt')
        return losses

    def epoch_with_metrics(self):
        "And then measure loss and gradient norm, in a pass of their own"
        self.epoch()
        return [(self.backward(x, y), self.norm(w.grad for w in self.weights))
                for x, y in self.loader]
