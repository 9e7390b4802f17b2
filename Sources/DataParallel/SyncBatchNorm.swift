public import Collectives
public import Torch
internal import TorchCollectives

/// Batch normalisation over the batches of all ranks together, as PyTorch's `SyncBatchNorm`, on the CPU
/// too.
///
/// ```swift
/// SyncBatchNorm.convert(model, group: group)
/// let parallel = try DistributedDataParallel(model, group: group)
/// ```
/// Each training pass costs an all-reduce of 2 channels + 1 numbers in forward and one of 2 channels
/// in backward. Batches may differ in size. Every rank has to make every forward and backward pass: a
/// peer that has gone is thrown in backward, and in forward ends the process with a message, as a
/// failed operator does.
public enum SyncBatchNorm {
  /// Makes every ``BatchNorm`` of a model normalise over all ranks (`convert_sync_batchnorm`).
  ///
  /// - Parameters:
  ///   - model: Changed in place; parameters, statistics and names stay.
  ///   - group: The ranks whose batches count. Its collectives run in forward and backward, in the
  ///     order of the model's parts: a group of its own keeps them apart from those of the gradients.
  /// - Returns: How many there are.
  @discardableResult
  public static func convert(_ model: any Module, group: any ProcessGroup) -> Int {
    let norms = model.parts.compactMap { $0 as? BatchNorm }
    for norm in norms {
      norm.sumOverRanks = group.worldSize > 1 ? { try group.allReduce($0) } : nil
    }
    return norms.count
  }
}
