public import Torch

/// BERT with a classifier over the pooled first token, as Hugging Face's class of this name.
///
/// Parameter names and shapes are Hugging Face's, so that weights go both ways by name.
public final class BertForSequenceClassification: Module {
  let bert: BertModel
  let dropout: Dropout
  let classifier: Linear

  /// The sizes of the model.
  public let configuration: BertConfiguration

  /// Draws all weights anew, as Hugging Face does: normal with `initializerRange`, biases zero.
  public convenience init(_ configuration: BertConfiguration) {
    self.init(uninitialized: configuration)
    initialize(Set(stateDict.keys))
  }

  /// Makes the model with whatever memory holds; every weight has to be set.
  init(uninitialized configuration: BertConfiguration) {
    self.configuration = configuration
    bert = BertModel(configuration)
    dropout = Dropout(configuration.classifierDropout ?? configuration.hiddenDropout)
    classifier = Linear(uninitialized: configuration.hiddenSize, configuration.labelCount)
  }

  /// Returns the scores of the classes, unnormalised, shape `[batch, labels]`.
  public func forward(_ batch: TokenBatch) -> Tensor {
    classifier(dropout(bert(batch)))
  }

  /// Draws the named parameters anew; the order is that of the model, so that a seed fixes them.
  func initialize(_ names: Set<String>) {
    withoutGradients {
      for (name, parameter) in namedParameters where names.contains(name) {
        if name.hasSuffix(".bias") {
          parameter.fillWithZeros()
        } else if name.hasSuffix("LayerNorm.weight") {
          parameter.fillWithZeros()
          parameter.copy(from: Tensor(1 as Float).expanded(to: parameter.shape))
        } else {
          parameter.fillNormal(standardDeviation: configuration.initializerRange)
        }
      }
      if names.contains("bert.embeddings.word_embeddings.weight"),
        configuration.paddingToken < configuration.vocabularySize
      {
        bert.embeddings.words.weight.selected(along: 0, at: configuration.paddingToken)
          .fillWithZeros()
      }
    }
  }
}
