/// A choice of the user's that does not fit the data or the machine.
struct JobError: Error, CustomStringConvertible {
  var description: String
}
