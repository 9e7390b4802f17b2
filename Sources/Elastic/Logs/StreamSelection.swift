/// A selection of output streams (stdout, stderr, both or none) for each local rank.
public struct StreamSelection: Sendable, Hashable {
  /// A set of output streams with torchrun's numbers: 1 is stdout, 2 stderr, 3 both.
  public struct Streams: OptionSet, Sendable, Hashable {
    /// The sum of the stream numbers.
    public let rawValue: Int

    /// Standard output.
    public static let output = Streams(rawValue: 1)
    /// Standard error.
    public static let error = Streams(rawValue: 2)

    /// Creates a set from the sum of its stream numbers.
    public init(rawValue: Int) { self.rawValue = rawValue }
  }

  private var all: Streams = []
  private var perRank: [Int: Streams] = [:]

  /// No stream for any rank.
  public static let none = StreamSelection()

  private init() {}

  /// Parses a number such as `3`, for all ranks, or a map such as `0:3,12:1`.
  ///
  /// Ranks that the map does not name have no stream. Unlike in torchrun, local ranks may have
  /// several digits. Returns `nil` for any other text.
  public init?(_ text: String) {
    if let number = Int(text) {
      guard (0...3).contains(number) else { return nil }
      all = Streams(rawValue: number)
      return
    }
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let rank = Int(parts[0]), rank >= 0,
        let number = Int(parts[1]), (0...3).contains(number)
      else { return nil }
      perRank[rank] = Streams(rawValue: number)
    }
  }

  /// The streams of a local rank.
  public func streams(localRank: Int) -> Streams { perRank[localRank] ?? all }

  /// Whether no stream is selected.
  public var isEmpty: Bool { all.isEmpty && perRank.values.allSatisfy(\.isEmpty) }

  /// Whether the stream is selected for any rank.
  package func selects(_ stream: Streams) -> Bool {
    all.contains(stream) || perRank.values.contains { $0.contains(stream) }
  }

  /// Whether this selection has all streams of another one that is not empty.
  package func selectsAll(of other: StreamSelection) -> Bool {
    let ranks = Set(perRank.keys).union(other.perRank.keys)
    return !other.isEmpty && all.isSuperset(of: other.all)
      && ranks.allSatisfy {
        streams(localRank: $0).isSuperset(of: other.streams(localRank: $0))
      }
  }

  /// Whether both streams of all ranks are selected.
  package var selectsAllStreams: Bool {
    ([all] + perRank.values).allSatisfy { $0 == [.output, .error] }
  }

  /// The local ranks in the map that do not exist in a group of `count` workers.
  package func unknownRanks(workerCount count: Int) -> [Int] {
    perRank.keys.filter { $0 >= count }.sorted()
  }
}
