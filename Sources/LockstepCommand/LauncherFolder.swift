import Glibc

/// The folder that contains this executable; `nil` if `/proc` is not available.
var launcherFolder: String? {
  var path = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &path, path.count)
  guard count > 0 else { return nil }
  let text = String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
  return text.lastIndex(of: "/").map { String(text[..<$0]) }
}
