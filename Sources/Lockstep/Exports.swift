// `import Lockstep` is all that a training program needs.
@_exported public import Collectives
@_exported public import DataLoading
@_exported public import DataParallel
@_exported public import Elastic
@_exported public import Support
@_exported public import Tokenizers
@_exported public import Torch
@_exported public import TorchCollectives
@_exported public import Training
@_exported public import Transformers
@_exported public import Worker
