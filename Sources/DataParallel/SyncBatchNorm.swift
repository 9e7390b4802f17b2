public import Collectives
public import Torch
internal import TorchCollectives

/// Batch normalization over the batches of all ranks, like PyTorch's `SyncBatchNorm`, also on the
/// CPU.
///
/// ```swift
/// SyncBatchNorm.convert(model, group: group)
/// let parallel = try DistributedDataParallel(model, group: group)
/// ```
/// In training mode, forward runs an all-reduce of 2 channels + 1 elements, backward one of
/// 2 channels. Batches may differ in size. All ranks must run the same forward and backward passes.
/// If a peer is lost or times out, forward and backward throw ``CollectiveError``, and the group
/// has to be rebuilt.
public enum SyncBatchNorm {
  /// Makes every ``BatchNorm`` of a model normalize over all ranks (`convert_sync_batchnorm`).
  ///
  /// - Parameters:
  ///   - model: The model, changed in place. Parameters, statistics and names stay the same.
  ///   - group: The ranks. Its collectives run in forward and backward, in the order of the model's
  ///     modules. A separate group keeps them apart from those of the gradients.
  /// - Returns: The number of converted modules.
  @discardableResult
  public static func convert(_ model: any Module, group: any ProcessGroup) -> Int {
    let norms = model.modules.compactMap { $0 as? BatchNorm }
    for norm in norms {
      norm.sumOverRanks = group.worldSize > 1 ? { try group.allReduce($0) } : nil
    }
    return norms.count
  }
}
