// Reads Arrow and Parquet files with Apache Arrow and exports their columns through the C data interface,
// without copying. Compiled by Scripts/setup-arrow, not by SwiftPM: see include/CArrow.h.
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <parquet/arrow/reader.h>
#include <parquet/properties.h>

#include <cstring>
#include <exception>

#include "include/CArrow.h"

namespace {

using Batches = std::shared_ptr<arrow::RecordBatchReader>;

/// Validates each batch, because the file is untrusted input.
class CheckedReader : public arrow::RecordBatchReader {
 public:
  explicit CheckedReader(Batches batches) : batches_(std::move(batches)) {}
  std::shared_ptr<arrow::Schema> schema() const override { return batches_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    try {
      ARROW_RETURN_NOT_OK(batches_->ReadNext(batch));
      return *batch ? (*batch)->ValidateFull() : arrow::Status::OK();
    } catch (const std::exception& error) {
      return arrow::Status::Invalid(error.what());
    }
  }

 private:
  Batches batches_;
};

/// The batches of an Arrow IPC file, in which a footer lists them.
class FileBatches : public arrow::RecordBatchReader {
 public:
  explicit FileBatches(std::shared_ptr<arrow::ipc::RecordBatchFileReader> file) : file_(std::move(file)) {}
  std::shared_ptr<arrow::Schema> schema() const override { return file_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    if (next_ == file_->num_record_batches()) {
      batch->reset();
      return arrow::Status::OK();
    }
    return file_->ReadRecordBatch(next_++).Value(batch);
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  int next_ = 0;
};

arrow::Result<Batches> open_arrow(const char* path) {
  ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ));
  ARROW_ASSIGN_OR_RAISE(auto start, file->ReadAt(0, 6));
  if (start->ToString() == "ARROW1") {
    ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchFileReader::Open(file));
    return std::make_shared<FileBatches>(reader);
  }
  ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchStreamReader::Open(file));
  return reader;
}

/// The batches of a Parquet file.
///
/// Owns the file reader, which the record batch reader only refers to.
class ParquetBatches : public arrow::RecordBatchReader {
 public:
  ParquetBatches(std::unique_ptr<parquet::arrow::FileReader> file, Batches batches)
      : file_(std::move(file)), batches_(std::move(batches)) {}
  std::shared_ptr<arrow::Schema> schema() const override { return batches_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override { return batches_->ReadNext(batch); }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  Batches batches_;
};

arrow::Result<Batches> open_parquet(const char* path) {
  ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ));
  parquet::arrow::FileReaderBuilder builder;
  auto limits = parquet::default_reader_properties();
  limits.set_thrift_string_size_limit(64 << 20);
  limits.set_thrift_container_size_limit(1 << 20);
  ARROW_RETURN_NOT_OK(builder.Open(file, limits));
  std::unique_ptr<parquet::arrow::FileReader> reader;
  ARROW_RETURN_NOT_OK(builder.Build(&reader));
  ARROW_ASSIGN_OR_RAISE(auto batches, reader->GetRecordBatchReader());
  return std::make_shared<ParquetBatches>(std::move(reader), Batches(std::move(batches)));
}

template <typename Open>
char* open(Open open, const char* path, ArrowArrayStream* out) noexcept {
  try {
    auto batches = open(path);
    auto status = batches.status();
    if (status.ok()) status = arrow::ExportRecordBatchReader(std::make_shared<CheckedReader>(*batches), out);
    return status.ok() ? nullptr : strdup(status.message().c_str());
  } catch (const std::exception& error) {
    return strdup(error.what());
  } catch (...) {
    return strdup("an unknown C++ exception");
  }
}

}  // namespace

extern "C" char* lockstep_arrow_open_arrow(const char* path, ArrowArrayStream* out) {
  return open(open_arrow, path, out);
}

extern "C" char* lockstep_arrow_open_parquet(const char* path, ArrowArrayStream* out) {
  return open(open_parquet, path, out);
}
