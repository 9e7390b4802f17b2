internal import Glibc

/// Creates a folder and its missing parents.
func createFolder(_ path: String) throws(TrainingError) {
  if mkdir(path, 0o755) == 0 { return }
  if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
    try createFolder(String(path[..<slash]))
    if mkdir(path, 0o755) == 0 { return }
  }
  guard errno == EEXIST else { throw .record("cannot create the folder", path) }
}
