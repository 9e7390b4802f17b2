import Elastic

extension OptionRule {
  /// Every combination of options that is refused or causes a warning.
  package static let all: [OptionRule] = [
    // The program
    OptionRule(
      .refused, .noPython, .with(.module),
      because: "--module runs a Python module; remove one of the two"),
    OptionRule(
      .refused, .noPython, .with(.runPath),
      because: "--run-path runs a Python script; remove one of the two"),
    OptionRule(
      .refused, .runPath, .with(.module),
      because: "--module runs a module, not a file; remove one of the two"),

    // One machine
    OptionRule(
      .refused, .nodes, .with(.standalone), .severalNodesAtLeast,
      because: "--standalone runs a job of one node; remove one of the two"),
    OptionRule(
      .ignored, .nodes, .with(.standalone), .nodeRange,
      because: "--standalone runs a job of one node, which no other node can join"),
    OptionRule(
      .ignored, .backend, .with(.standalone), .otherBackendThanC10d,
      because: "--standalone runs a job of one node, without a rendezvous"),
    OptionRule(
      .ignored, .endpoint, .with(.standalone), .endpointPortNotZero,
      because: "--standalone runs a job of one node, without a rendezvous"),
    OptionRule(
      .ignored, .endpoint, .without(.standalone), .oneNode, .endpointPortNotZero,
      because: "a job of one node has no rendezvous; --master-port sets the port of its store"),
    OptionRule(
      .ignored, .settings, .oneNode,
      because: "a job of one node has no rendezvous; for several nodes, add --nnodes"),
    OptionRule(
      .ignored, .localAddress, .oneNode,
      because:
        "a job of one node has no other nodes to reach it; --master-addr sets the address of "
        + "its store"),
    OptionRule(
      .ignored, .nodeRank, .oneNode, .staticBackend, .nodeRankNotZero,
      because: "the only node of a job has rank 0; for several nodes, add --nnodes"),
    OptionRule(
      .refused, .statusPort, .oneNode, .statusPortIsMasterPort,
      because: "--master-port is the same port; use another one, or 0 for a free one"),

    // Several nodes
    OptionRule(
      .refused, .nodes, .severalNodes, .staticBackend, .nodeRange,
      because: "the number of nodes is fixed in a static rendezvous; use --rdzv-backend c10d, or a "
        + "single number"),
    OptionRule(
      .refused, .nodes, .severalNodes, .dynamicBackend, .without(.endpoint),
      because: "several nodes need an endpoint to find each other: add --rdzv-endpoint HOST:PORT, "
        + "the same on all nodes"),
    OptionRule(
      .refused, .endpoint, .severalNodes, .endpointPortZero,
      because: "port 0 is another free port on each start, so the nodes could not find each other; "
        + "give a port from 1 to 65535"),
    OptionRule(
      .refused, .masterPort, .severalNodes, .staticBackend, .without(.endpoint), .masterPortZero,
      because: "port 0 is another free port on each start, so the nodes could not find each other; "
        + "give a port from 1 to 65535"),
    OptionRule(
      .refused, .statusPort, .severalNodes, .statusPortIsEndpointPort,
      because: "--rdzv-endpoint has the same port; use another one, or 0 for a free one"),
    OptionRule(
      .refused, .statusPort, .severalNodes, .staticBackend, .without(.endpoint),
      .statusPortIsMasterPort,
      because: "--master-port is the same port; use another one, or 0 for a free one"),
    OptionRule(
      .ignored, .nodeRank, .dynamicBackend,
      because: "only --rdzv-backend static uses node ranks"),
    OptionRule(
      .ignored, .settings, .severalNodes, .staticBackend, .with(.nodeRank), .otherRankInSettings,
      because: "--node-rank takes precedence over its rank; remove rank from --rdzv-conf"),
    OptionRule(
      .ignored, .masterAddress, .severalNodes, .dynamicBackend,
      because:
        "the nodes find each other at --rdzv-endpoint; --local-addr sets the address at which "
        + "this node can be reached"),
    OptionRule(
      .ignored, .masterPort, .severalNodes, .dynamicBackend,
      because: "the nodes find each other at --rdzv-endpoint, and the workers' store uses a free "
        + "port"),
    OptionRule(
      .ignored, .masterAddress, .severalNodes, .staticBackend, .with(.endpoint),
      because: "--rdzv-endpoint takes precedence; remove one of the two"),
    OptionRule(
      .ignored, .masterPort, .severalNodes, .staticBackend, .with(.endpoint),
      because: "--rdzv-endpoint takes precedence; remove one of the two"),
    OptionRule(
      .refused, .settings, .file, .otherBackendThanC10d,
      because: "store_type=file requires --rdzv-backend c10d"),

    // Output
    OptionRule(
      .ignored, .outputFilters, .notTeed(.output),
      because: "the filters copy lines that --tee selects; add --tee 1 or --tee 3"),
    OptionRule(
      .ignored, .errorFilters, .notTeed(.error),
      because: "the filters copy lines that --tee selects; add --tee 2 or --tee 3"),
    OptionRule(
      .ignored, .redirects, .with(.tee), .allRedirectsTeed,
      because: "--tee selects the same streams, and also shows them on the console"),
    OptionRule(
      .ignored, .shownLocalRanks, .allRedirected,
      because:
        "--redirects writes all output to files, so the console shows none; use --tee to show "
        + "it too"),

    // Options that exist for torchrun's command lines
    OptionRule(
      .ignored, .monitorInterval,
      because: "lockstep detects at once that a worker has exited"),
    OptionRule(
      .ignored, .startMethod,
      because: "it concerns Python functions, not programs and scripts"),
  ]
}
