import Testing
import Torch

/// Checks that a mistake in an argument stopped the process with a message and the caller's line.
func expect(
  _ result: ExitTest.Result?, stopsWith message: String,
  _ location: SourceLocation = #_sourceLocation
) {
  let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  #expect(text.contains(message), "\(text)", sourceLocation: location)
  let file = location.fileID.split(separator: "/").last ?? ""
  #expect(text.contains("\(file):"), "\(text)", sourceLocation: location)
}

/// Checks that an operator fails with a message.
func expectFailure(
  _ message: String, _ location: SourceLocation = #_sourceLocation,
  _ body: () throws -> Tensor
) {
  do {
    _ = try catchingTorchErrors(body)
    Issue.record("no operator failed", sourceLocation: location)
  } catch {
    #expect("\(error)".contains(message), "\(error)", sourceLocation: location)
  }
}
