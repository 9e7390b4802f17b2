internal import CTorch

/// Runs `body` in mixed precision, like PyTorch's `torch.autocast`.
///
/// Matrix products, linear layers and attention convert their arguments to `dtype` and return
/// results of that type. Losses and other operators that need a larger range convert theirs to
/// float32. All other operators use the types of their arguments. Parameters and their gradients
/// keep their types. A scope converts each parameter once, except large weights of ``Linear`` in
/// bfloat16 on the CPU, which each forward pass converts.
///
/// ```swift
/// let loss = try withAutocast(.bfloat16, device: .cpu) { crossEntropy(try model(x), y) }
/// try loss.backward()   // Outside the scope: backward uses the types of the forward pass.
/// ```
///
/// Scopes belong to a thread and nest; the innermost scope applies. The end of the outermost scope
/// releases the converted parameters. Do not modify parameters inside a scope.
///
/// - Parameters:
///   - dtype: `bfloat16`; `float16`, with a ``GradientScaler``; or `float32`, which disables an
///     outer scope. Any other type counts as a failed operator.
///   - device: A device of the type whose operators the scope affects. Its index is ignored.
///   - body: The forward pass and the loss.
/// - Returns: The result of `body`.
/// - Throws: The error of `body`.
public func withAutocast<Result, Failure: Error>(
  _ dtype: DType, device: Device, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard [.bfloat16, .float16, .float32].contains(dtype) else {
    operatorFailed(
      "withAutocast", "\(dtype)",
      "autocast supports bfloat16 and float16: use one of them, or float32 to disable autocast")
    return try body()
  }
  var state = autocastState(device)
  state.is_enabled = dtype != .float32
  if state.is_enabled { state.dtype = dtype.rawValue }
  var previous = ct_autocast()
  check(ct_autocast_begin(device.kind.rawValue, state, &previous), "withAutocast on \(device)")
  defer { ct_autocast_end(device.kind.rawValue, previous) }
  return try body()
}

/// The autocast type of this thread for a device type; `nil` outside ``withAutocast(_:device:_:)``.
public func autocastDType(on device: Device) -> DType? {
  let state = autocastState(device)
  return state.is_enabled ? DType(rawValue: state.dtype) : nil
}

private func autocastState(_ device: Device) -> ct_autocast {
  var state = ct_autocast()
  check(ct_autocast_get(device.kind.rawValue, &state), "autocast state of \(device)")
  return state
}
