import Collectives

/// The code and message of the error that `body` throws; empty if it throws none.
func failure(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch let error as CollectiveError {
    return "\(error.code): \(error)"
  } catch { return "another error: \(error)" }
}
