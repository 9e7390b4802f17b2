import Foundation
import ProcessHarness

extension TestFolder {
  func write(_ text: String, to name: String) throws { try create(name, text) }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }
}
