/// An error caused by an option that does not fit the model, the data or the machine.
struct JobError: Error, CustomStringConvertible {
  var description: String
}
