import Testing
import Torch

/// A value that Swift has no type for does not prevent the rest of a file from being read.
@Suite struct OpaqueValueTests {
  /// Reads a dictionary with a tensor and a value, writes it, and reads it again.
  private func read(_ value: [UInt8]) throws -> PickleValue {
    let archive = try TestArchive()
    let weight =
      instructions([
        "ctorch._utils\n_rebuild_tensor_v2\n((", text("storage"), "ctorch\nFloatStorage\n",
        text("0"),
        text("cpu"), "K", [2], "tQK", [0], "K", [2, 0x85], "K", [1, 0x85, 0x89],
        "ccollections\nOrderedDict\n)RtR",
      ])
    try archive.write(
      pickle: pickle("}(", text("w"), weight, text("x"), value, "u"),
      storages: ["0": [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]])
    let read = try PyTorchFile.read(path: archive.path)
    #expect(read["w"]?.tensorValue?.array(of: Float.self) == [1, 2])
    let first = try #require(read["x"])
    try PyTorchFile.write(read, path: archive.path)
    let again = try PyTorchFile.read(path: archive.path)
    #expect(exactText(again) == exactText(read))
    return first
  }

  @Test(
    arguments: [
      (["ctorch\nfloat16\n"], "torch.dtype", "torch.float16"),
      (["ctorch\nuint4\n"], "torch.dtype", "torch.uint4"),
      (["ctorch\nfloat8_e4m3fn\n"], "torch.dtype", "torch.float8_e4m3fn"),
      (["ctorch\nper_tensor_affine\n"], "torch.qscheme", "torch.per_tensor_affine"),
      (
        ["ctorch\ndevice\n", text("cuda"), "K", [1, 0x86], "R"], "torch.device",
        "type='cuda', index=1"
      ),
      (["ctorch\ndevice\n", text("mps"), [0x85], "R"], "torch.device", "type='mps'"),
      (
        ["ctorch.serialization\n_get_layout\n", text("torch.strided"), [0x85], "R"], "torch.layout",
        "torch.strided"
      ),
      (["c__builtin__\nset\n](K", [1], "K", [2], "K", [1], "e", [0x85], "R"], "set", "{1, 2}"),
      (["c__builtin__\nset\n]", [0x85], "R"], "set", "set()"),
      ([[0x8F]], "set", "set()"),
      (["c__builtin__\ncomplex\nK", [1], "K", [2, 0x86], "R"], "complex", "(1.0+2.0j)"),
      (["c_codecs\nencode\n", text("ab"), text("latin1"), [0x86], "R"], "bytes", "2 bytes"),
      (["c__builtin__\nbytearray\n)R"], "bytearray", "0 bytes"),
      (["ctorch.nn.parameter\nParameter\n"], "type", "torch.nn.parameter.Parameter"),
      (["ctorch._utils\n_rebuild_parameter\n"], "function", "torch._utils._rebuild_parameter"),
      (["X", [3, 0, 0, 0, 0xED, 0xA0, 0x80]], "str", ""),
    ] as [([any Sendable], String, String)])
  func valueHasATypeAndAText(pieces: [any Sendable], typeName: String, text: String) throws {
    let value = try read(instructions(pieces))
    let opaque = try #require(value.opaqueValue)
    #expect(opaque.typeName == typeName)
    #expect("\(opaque)".contains(text))
  }

  @Test(arguments: [
    ([9, 0, 0, 0, 0, 0, 0, 0, 0, 1], "18446744073709551616"),
    ([9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0], "9223372036854775808"),
    ([9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF], "-9223372036854775809"),
    ([11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "1208925819614629174706176"),
    ([9, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF], "-18446744073709551616"),
  ])
  func integerOfMoreThan64BitsKeepsItsDigits(bytes: [Int], digits: String) throws {
    let value = try read(instructions([[0x8A], bytes]))
    #expect(value.opaqueValue?.typeName == "int")
    #expect(value.opaqueValue?.description == digits)
  }

  @Test func integerOf64BitsInALongerFormIsAnInteger() throws {
    #expect(
      try read(instructions([[0x8A, 9, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0]]))
        .intValue == .max)
    #expect(try read(instructions([[0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xFF]])).intValue == .min)
  }

  @Test func accessorsReadConvertibleValues() throws {
    let bytes = try read(
      instructions(["c_codecs\nencode\n", text("aÿ"), text("latin1"), [0x86], "R"]))
    #expect(bytes.bytesValue == [0x61, 0xFF])
    #expect(try read(instructions(["ctorch\nbfloat16\n"])).dtypeValue == .bfloat16)
    #expect(try read(instructions(["ctorch\nqint8\n"])).dtypeValue == nil)
    let set = try read(instructions(["c__builtin__\nset\n](K", [3], "K", [4], "e", [0x85], "R"]))
    #expect(set.elements?.map(\.intValue) == [3, 4])
    #expect(set.intValue == nil && set.entries == nil && !set.isNone)
  }

  /// Python's containers may contain themselves.
  @Test(
    arguments: [
      (["]q", [0], "h", [0], "a"], "list", "[...]"),
      (["}q", [0], "K", [1], "h", [0], "s"], "dict", "{...}"),
      (["]q", [0], "(K", [1], "h", [0], "ta"], "list", "[...]"),
    ] as [([any Sendable], String, String)])
  func referenceOfAContainerToItselfIsOpaque(
    pieces: [any Sendable], typeName: String, text: String
  )
    throws
  {
    let archive = try TestArchive()
    try archive.write(pickle: pickle(instructions(pieces)))
    let value = try PyTorchFile.read(path: archive.path)
    var inner = value
    while let next = inner.elements?.last ?? inner.entries?.last?.value { inner = next }
    #expect(inner.opaqueValue?.typeName == typeName && inner.opaqueValue?.description == text)
    #expect { try PyTorchFile.write(value, path: archive.path) } throws: {
      "\($0)".contains("contains itself")
    }
  }

  @Test func laterValueOfAKeyReplacesTheFirst() throws {
    let value = try read(
      instructions(["}(K", [1], text("a"), "K", [2], "NK", [1], text("b"), [0x88], text("c"), "u"]))
    #expect(value.entries?.map(\.key.intValue) == [1, 2])
    #expect(value[1]?.stringValue == "c")
  }

  @Test func hashableValuesAreKeys() throws {
    let value = try read(
      instructions([
        "}(", "K", [1], "K", [2, 0x86], "K", [0], "ctorch\nfloat32\n", "K", [1], "N", "K", [2],
        "c_codecs\nencode\n", text("ab"), text("latin1"), [0x86], "R", "K", [3], "u",
      ]))
    #expect(value.entries?.map(\.value.intValue) == [0, 1, 2, 3])
    #expect(value.entries?[0].key.elements?.map(\.intValue) == [1, 2])
  }

  /// The arguments of a sparse tensor contain its indices, values and shape.
  @Test func sparseTensorIsOpaqueWithItsParts() throws {
    let archive = try TestArchive()
    func tensor(_ key: String, _ storage: String, _ shape: [Int]) -> [UInt8] {
      let count = shape.reduce(1, *)
      let strides = shape.count == 2 ? [shape[1], 1] : [1]
      func tuple(_ numbers: [Int]) -> [UInt8] {
        instructions(["(", numbers.flatMap { [0x4B, $0] }, "t"])
      }
      return instructions([
        "ctorch._utils\n_rebuild_tensor_v2\n((", text("storage"), "ctorch\n\(storage)\n", text(key),
        text("cpu"), "K", [count], "tQK", [0], tuple(shape), tuple(strides), [0x89],
        "ccollections\nOrderedDict\n)RtR",
      ])
    }
    let sparse = instructions([
      "ctorch._utils\n_rebuild_sparse_tensor\n", "ctorch.serialization\n_get_layout\n",
      text("torch.sparse_coo"), [0x85], "R(", tensor("0", "LongStorage", [1, 2]),
      tensor("1", "FloatStorage", [2]), "ctorch\nSize\nK", [5, 0x85, 0x85], "Rt", [0x86], "R",
    ])
    try archive.write(
      pickle: pickle(sparse),
      storages: [
        "0": [3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], "1": [0, 0, 0x80, 0x3F, 0, 0, 0, 0],
      ])
    let opaque = try #require(try PyTorchFile.read(path: archive.path).opaqueValue)
    #expect(opaque.typeName == "torch.Tensor")
    let parts = try #require(opaque.arguments.last?.elements)
    #expect(parts[0].tensorValue?.array(of: Int.self) == [3, 1])
    #expect(parts[1].tensorValue?.array(of: Float.self) == [1, 0])
    #expect(parts[2].elements?.map(\.intValue) == [5])
  }

  /// An element type that PyTorch supports and Lockstep does not.
  @Test func tensorOfAnotherElementTypeIsOpaque() throws {
    let archive = try TestArchive()
    try archive.write(
      pickle: pickle(
        "ctorch._utils\n_rebuild_tensor_v3\n((", text("storage"),
        "ctorch.storage\nUntypedStorage\n", text("0"), text("cpu"), "K", [4], "tQK", [0], "K",
        [4, 0x85], "K", [1, 0x85, 0x89], "ccollections\nOrderedDict\n)Rctorch\nbits8\ntR"),
      storages: ["0": [1, 2, 3, 4]])
    let opaque = try #require(try PyTorchFile.read(path: archive.path).opaqueValue)
    #expect(opaque.typeName == "torch.Tensor" && "\(opaque)".contains("bits8"))
    #expect(
      opaque.arguments[0].opaqueValue?.arguments[0].tensorValue?.array(of: UInt8.self) == [
        1, 2, 3, 4,
      ])
  }

  /// The error of a value that the file must not contain names the keys that lead to it.
  @Test(
    arguments: [
      (
        ["}", text("args"), "cargparse\nNamespace\n)Rs"],
        "at ['args'], it contains 'argparse.Namespace'"
      ),
      (
        ["}", text("a"), "](K", [1], "cpathlib\nPosixPath\n", text("x"), [0x85], "Res"],
        "at ['a'][1], "
      ),
      (["}(K", [7], "}", text("b"), "cdatetime\ndate\n)Rsu"], "at [7]['b'], "),
      ([text("x"), "cdecimal\nDecimal\n)R", [0x86]], "at [1], "),
      (["}", text("np"), "cnumpy._core.multiarray\nscalar\n)Rs"], "NumPy value"),
      (
        ["}", text("net"), "ctorch.nn.modules.linear\nLinear\n)", [0x81], "}bs"],
        "save its state_dict()"
      ),
      (
        ["}", text("dd"), "ccollections\ndefaultdict\n)R(", text("a"), "K", [1], "us"],
        "at ['dd'], "
      ),
      (
        ["}", text("t"), "ctorch._utils\n_rebuild_parameter\nK", [1], "NN", [0x87], "Rs"],
        "at ['t'], "
      ),
    ] as [([any Sendable], String)])
  func errorNamesThePathOfTheValue(pieces: [any Sendable], reason: String) throws {
    let archive = try TestArchive()
    try archive.write(pickle: pickle(instructions(pieces)))
    #expect { try PyTorchFile.read(path: archive.path) } throws: { error in
      (error as? TorchError)?.code == .invalidFile && "\(error)".contains(reason)
        && "\(error)".utf8.count < 2000
    }
  }
}
