/// Stops the process with a message unless a condition holds, in every build.
///
/// It is for a caller's mistake in a public function, which passes its own caller's `file` and
/// `line`. Unlike `precondition`, it prints the message and the line in release builds too.
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString,
  line: UInt
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}
