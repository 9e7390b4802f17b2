public import Torch

/// BERT with a classifier on the pooled first token, like Hugging Face's class of this name.
///
/// Parameter names and shapes equal Hugging Face's, so weights load by name in both directions.
public final class BertForSequenceClassification: Module {
  let bert: BertModel
  let dropout: Dropout
  let classifier: Linear

  /// The configuration of the model.
  public let configuration: BertConfiguration

  /// Whether sequences are packed; `nil` to choose what is faster on the device of the batch.
  ///
  /// Both compute the same function.
  package var isPacking: Bool? {
    get { bert.isPacking }
    set { bert.isPacking = newValue }
  }

  /// Creates a model with random weights, like Hugging Face: normal with standard deviation
  /// ``BertConfiguration/initializerRange``; biases are zero.
  public convenience init(_ configuration: BertConfiguration) {
    self.init(uninitialized: configuration)
    initialize(Set(stateDict.keys))
  }

  /// Creates a model with uninitialized weights; the caller must set them all.
  init(uninitialized configuration: BertConfiguration) {
    self.configuration = configuration
    bert = BertModel(configuration)
    dropout = Dropout(configuration.classifierDropout ?? configuration.hiddenDropout)
    classifier = Linear(uninitialized: configuration.hiddenSize, configuration.labelCount)
  }

  /// Returns the logits, shape `[batch, labels]`.
  public func forward(_ batch: TokenBatch) throws -> Tensor {
    try classifier(dropout(bert(batch)))
  }

  /// Initializes the named parameters, in the model's order, so a seed determines their values.
  func initialize(_ names: Set<String>) {
    noGrad {
      for (name, parameter) in namedParameters where names.contains(name) {
        if name.hasSuffix(".bias") {
          parameter.zero_()
        } else if name.hasSuffix("LayerNorm.weight") {
          parameter.zero_()
          parameter.copy_(Tensor(1 as Float).expand(parameter.shape))
        } else {
          parameter.normal_(std: configuration.initializerRange)
        }
      }
      if names.contains("bert.embeddings.word_embeddings.weight"),
        configuration.paddingToken < configuration.vocabularySize
      {
        bert.embeddings.words.weight.select(dim: 0, index: configuration.paddingToken)
          .zero_()
      }
    }
  }
}
