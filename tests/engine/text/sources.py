"""PyTorch source as people write it, a style each, with what an example is and what the lines are that it comes to."""

from dataclasses import dataclass

from engine.types import Shape


@dataclass(frozen=True)
class Written:
    """A source that is read: run by PyTorch its ``network`` gives the same numbers."""

    source: str
    shape: Shape
    kinds: str
    network: str = "Net()"


READ = {
    "a Sequential by position": Written(
        """
import torch.nn as nn

model = nn.Sequential(
    nn.Conv2d(1, 4, kernel_size=3, padding=1),
    nn.ReLU(inplace=True),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(4 * 4 * 4, 10),
)
""",
        (1, 8, 8),
        "Conv2d ReLU MaxPool2d Flatten Linear",
        "model",
    ),
    "nested Sequentials and an OrderedDict": Written(
        """
import torch
from collections import OrderedDict

features = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ELU())
net = torch.nn.Sequential(OrderedDict([
    ("features", features),
    ("pool", torch.nn.AdaptiveAvgPool2d((2, 2))),
    ("head", torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Dropout(0.2), torch.nn.Linear(16, 3))),
]))
""",
        (3, 9, 9),
        "Conv2d BatchNorm2d ELU AdaptiveAvgPool2d Flatten Dropout Linear",
        "net",
    ),
    "LeNet with functions and view": Written(
        '''
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    """A small network."""

    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, 16 * 5 * 5)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


net = Net()
''',
        (1, 28, 28),
        "Conv2d ReLU MaxPool2d Conv2d ReLU MaxPool2d Flatten Linear ReLU Linear ReLU Linear",
    ),
    "one pool and one ReLU for all": Written(
        """
from torch import nn, Tensor


class Net(nn.Module):
    def __init__(self, channels: int = 4, classes: int = 5) -> None:
        super().__init__()
        self.hidden = 2 * channels
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.relu = nn.ReLU()
        self.a = nn.Conv2d(1, channels, 3, padding="same")
        self.b = nn.Conv2d(channels, self.hidden, 3, padding=1)
        self.out = nn.Linear(self.hidden * 4, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.relu(self.a(x)))
        x = self.pool(self.relu(self.b(x)))
        batch = x.size(0)
        x = x.reshape(batch, -1)
        return self.out(x)
""",
        (1, 8, 8),
        "Conv2d ReLU MaxPool2d Conv2d ReLU MaxPool2d Flatten Linear",
    ),
    "features and a classifier": Written(
        """
import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, kernel_size=3, stride=2, padding=1),
            nn.LeakyReLU(0.1, inplace=True),
            nn.AvgPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(p=0.5),
            nn.Linear(8 * 4 * 4, 16),
            nn.Tanh(),
            nn.Linear(16, num_classes),
        )

    def forward(self, x):
        x = self.features(x)
        x = torch.flatten(x, 1)
        x = self.classifier(x)
        return x
""",
        (3, 16, 16),
        "Conv2d LeakyReLU AvgPool2d Flatten Dropout Linear Tanh Linear",
    ),
    "a residual block with its projection": Written(
        """
import torch
from torch import nn
import torch.nn.functional as F

class BasicBlock(nn.Module):
    def __init__(self, in_planes, planes, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_planes, planes, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.shortcut = nn.Sequential(
            nn.Conv2d(in_planes, planes, 1, stride=stride, bias=False),
            nn.BatchNorm2d(planes),
        )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += self.shortcut(x)
        return F.relu(out)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.layer1 = BasicBlock(4, 4)
        self.layer2 = BasicBlock(4, planes=8, stride=2)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        x = self.layer2(self.layer1(self.stem(x)))
        x = F.adaptive_avg_pool2d(x, 1)
        return self.fc(torch.flatten(x, start_dim=1))
""",
        (1, 8, 8),
        "Conv2d Residual ReLU Residual ReLU AdaptiveAvgPool2d Flatten Linear",
    ),
    "a skip in one forward": Written(
        """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, padding=1)
        self.body = nn.Sequential(nn.ReLU(), nn.Conv2d(4, 4, 3, padding=1))
        self.tail = nn.Linear(4, 2)

    def forward(self, x):
        x = self.first(x)
        identity = x
        x = torch.relu(identity + self.body(x))
        x = x.mean(dim=(2, 3))
        return self.tail(x)
""",
        (1, 6, 6),
        "Conv2d Residual ReLU AdaptiveAvgPool2d Flatten Linear",
    ),
    "branches laid side by side": Written(
        """
import torch
import torch.nn as nn
import torch.nn.functional as F

class Inception(nn.Module):
    def __init__(self, cin):
        super().__init__()
        self.branch1 = nn.Conv2d(cin, 2, 1)
        self.branch2a = nn.Conv2d(cin, 2, 1)
        self.branch2b = nn.Conv2d(2, 3, 3, padding=1)
        self.project = nn.Conv2d(cin, 2, 1)

    def forward(self, x):
        a = self.branch1(x)
        b = self.branch2b(F.relu(self.branch2a(x)))
        c = self.project(F.max_pool2d(x, kernel_size=3, stride=1, padding=1))
        return torch.cat([a, b, c, x], dim=1)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.block = Inception(cin=2)
        self.fc = nn.Linear(9 * 36, 4)

    def forward(self, x):
        return self.fc(F.relu(self.block(x)).flatten(1))
""",
        (2, 6, 6),
        "Parallel ReLU Flatten Linear",
    ),
    "a dense step and a sum across it": Written(
        """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.grow = nn.Conv2d(2, 3, 3, padding=1)
        self.mix = nn.Conv2d(5, 2, 1)
        self.last = nn.Conv2d(2, 2, 3, padding=1)

    def forward(self, x):
        wide = torch.cat((x, self.grow(x)), 1)
        y = self.mix(wide) + x
        z = self.last(y) + y
        return z
""",
        (2, 5, 5),
        "Residual Residual",
    ),
    "dropout and a log softmax as functions": Written(
        """
import torch.nn.functional as func
import torch.nn as tnn

hidden = 6

class Net(tnn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = tnn.Linear(64, hidden)
        self.norm = tnn.BatchNorm1d(hidden)
        self.fc2 = tnn.Linear(hidden, 3)

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = func.dropout(self.norm(self.fc1(x)).relu(), p=0.3, training=self.training)
        return func.log_softmax(self.fc2(x), dim=1)
""",
        (1, 8, 8),
        "Flatten Linear BatchNorm1d ReLU Dropout Linear LogSoftmax",
    ),
    "depthwise separable blocks": Written(
        """
from torch import nn

class Separable(nn.Module):
    def __init__(self, inp, out, stride):
        super().__init__()
        self.depthwise = nn.Conv2d(inp, inp, 3, stride, 1, groups=inp, bias=False)
        self.pointwise = nn.Conv2d(inp, out, 1, bias=False)
        self.act = nn.ReLU6(True)

    def forward(self, x):
        return self.act(self.pointwise(self.act(self.depthwise(x))))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Separable(3, 4, 1), Separable(4, 6, 2), Separable(6, 8, 2))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        x = self.pool(self.blocks(x))
        return self.fc(x.flatten(start_dim=1))
""",
        (3, 8, 8),
        6 * "Conv2d ReLU6 " + "AdaptiveAvgPool2d Flatten Linear",
    ),
    "a network that is moved, with every small way of writing": Written(
        """
from torch.nn.utils import weight_norm
import torch
from torch import nn
from torch.nn import functional as F

width: int = 4

class Tail(nn.Module):
    pass

class Net(nn.Module):
    def __init__(self, *, size=3):
        nonlinear = nn.Hardswish()
        super().__init__()
        self.scale: int = 2
        self.conv = weight_norm(nn.Conv2d(1, width * self.scale, size, padding=size // 2))
        self.act = nonlinear
        self.again = self.act
        self.fc = nn.Linear(in_features=8 * 9, out_features=-(-5))
        pass

    def forward(self, x, unused=1):
        'Scores.'
        count = 3
        n = len(x)
        y: torch.Tensor = self.again(self.act(self.conv(x)).contiguous())
        z = torch.add(y, nn.Tanh()(y))
        z = z.add(F.softsign(z))
        z = F.max_pool2d(input=z, kernel_size=count)
        return self.fc(z.reshape((n, -1)))

net = Net().to("cpu").eval()
""",
        (1, 9, 9),
        "WeightNorm Hardswish Hardswish Residual Residual MaxPool2d Flatten Linear",
    ),
    "an autoencoder": Written(
        """
import torch
from torch import nn
from torch.nn import functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.PReLU(4), nn.GroupNorm(2, 4))
        self.up = nn.ConvTranspose2d(4, 2, 2, stride=2)
        self.out = nn.Conv2d(2, 1, 3, padding=1)

    def forward(self, x):
        z = self.encoder(x)
        y = F.silu(self.up(z))
        y = F.interpolate(F.avg_pool2d(y, 2), scale_factor=2, mode="bilinear")
        return torch.sigmoid(self.out(F.pad(y, (1, 1, 1, 1)))).tanh()
""",
        (1, 8, 8),
        "Conv2d PReLU GroupNorm ConvTranspose2d SiLU AvgPool2d Upsample ZeroPad2d Conv2d Sigmoid Tanh",
    ),
}


@dataclass(frozen=True)
class Not:
    """A line of a class that isn't read: in its ``__init__``, its ``forward`` or beside it, and what is said of it."""

    line: str
    said: str
    where: str = "forward"
    fix: bool = False


CLASS = """import torch
from torch import nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3, padding=1)
        {init}

    def forward(self, x):
        x = self.conv(x)
        {forward}
        return x

{beside}
"""

NOT_READ = {
    "a loop": Not("for layer in [self.conv]: x = layer(x)", "a loop"),
    "a choice": Not("if x.sum() > 0: x = -x", "a choice (if)"),
    "a choice in one line": Not("x = x if self.training else self.conv(x)", "a choice (if … else)"),
    "a lambda": Not("x = (lambda v: v)(x)", "a lambda"),
    "a walrus": Not("x = F.relu((y := x))", "an assignment inside"),
    "a comprehension": Not("x = torch.cat([y for y in [x]], dim=1)", "values in a list"),
    "an f-string": Not("x = getattr(self, f'conv{1}')(x)", "no layer called getattr"),
    "a print": Not("print(x.shape)", "isn't read", fix=True),
    "an assertion": Not("assert x.shape[1] == 2", "an 'assert'", fix=True),
    "a product": Not("x = x * 2", "isn't read"),
    "a slice": Not("x = x[:, :1]", "square brackets"),
    "a layer twice": Not("x = self.conv(x)", "a second time"),
    "an unknown attribute": Not("x = self.dropout(x)", "no layer that __init__ makes"),
    "an unknown function": Not("x = F.normalize(x)", "no function normalize"),
    "an unknown method": Not("x = x.permute(0, 2, 3, 1)", "has no permute"),
    "no dim in cat": Not("x = torch.cat([x, x])", "along their channels", fix=True),
    "cat along the height": Not("x = torch.cat([x, x], dim=2)", "along their channels", fix=True),
    "flatten of the batch": Not("x = torch.flatten(x)", "a row of each example", fix=True),
    "view into something else": Not("x = x.view(-1, 2, 32, 2)", "a row of each example", fix=True),
    "a method that counts": Not("x = x.view(-1, self.num_flat_features(x))", "a row of each example", fix=True),
    "dropout that goes on": Not("x = F.dropout(x, 0.5)", "goes on dropping", fix=True),
    "a value that was written into": Not("y = F.relu(x, inplace=True); x = x + y", "wrote into this value"),
    "a sum that writes into what is read again": Not("y = x; x += F.relu(x); x = x + y", "wrote into this value"),
    "a layer made anew": Not("x = nn.Conv2d(2, 2, 1)(x)", "made anew"),
    "two inputs to a layer": Not("x = self.conv(x, x)", "reads one value"),
    "a function of another library": Not("x = np.abs(x)", "np is nothing that a layer made"),
    "a bare function": Not("x = abs(x)", "isn't read"),
    "a function without an input": Not("x = F.relu()", "isn't read"),
    "too much for a function": Not("x = F.relu(x, True, 3)", "more than can be told to relu"),
    "dropout always": Not("x = F.dropout(x, 0.5, True)", "goes on dropping", fix=True),
    "a mean of all": Not("x = x.mean()", "over each map"),
    "a pad of one number": Not("x = F.pad(x, (1, 1), value=2)", "four numbers"),
    "a list of pairs that are none": Not("self.s = nn.Sequential(OrderedDict([nn.ReLU()]))", "a pair", "init"),
    "doubling": Not("x = x + x", "added to itself"),
    "two outputs": Not("return x, x", "isn't read"),
    "a dunder": Not("x = x.__class__(x)", "has no __class__"),
    "a global": Not("global y", "a 'global'", fix=True),
    "a hook": Not("self.conv.register_forward_hook(print)", "expected an assignment", "init", True),
    "a ModuleList": Not("self.all = nn.ModuleList([nn.ReLU()])", "for loops", "init"),
    "a starred list": Not("self.all = nn.Sequential(*[nn.ReLU()])", "a starred argument", "init"),
    "a comprehension of layers": Not("self.all = [nn.ReLU() for _ in range(3)]", "a comprehension", "init"),
    "an import inside": Not("import os", "an import", "init", True),
    "an unknown layer": Not("self.c = nn.Conv2D(1, 2, 3)", "nearest is Conv2d", "init", True),
    "a layer of another kind": Not("self.c = nn.LSTM(1, 2)", "no layer called LSTM", "init"),
    "a name without a value": Not("self.c = nn.Conv2d(1, width, 3)", "width has no value", "init"),
    "a power": Not("self.c = nn.Conv2d(1, 2 ** 3, 3)", "isn't read here", "init"),
    "a training loop": Not("for epoch in range(3): pass", "a loop", "beside", True),
    "an optimizer": Not("optimizer = torch.optim.Adam(Net().parameters())", "isn't read", "beside"),
    "a call of the system": Not("__import__('os').system('true')", "isn't read", "beside", True),
    "a main guard": Not("if __name__ == '__main__': Net()", "a choice (if)", "beside", True),
}
