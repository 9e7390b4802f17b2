// Reads Arrow and Parquet files with Apache Arrow and exports their columns through the C data
// interface, without copying. Compiled by Scripts/setup-arrow, not by SwiftPM: see
// include/CArrow.h.
#include <arrow/c/bridge.h>
#include <arrow/io/file.h>
#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>
#include <arrow/table.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/properties.h>

#include <cstring>
#include <exception>
#include <numeric>
#include <vector>

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

using Columns = std::vector<int>;

arrow::Result<std::shared_ptr<arrow::io::MemoryMappedFile>> map_file(const char* path) {
  return arrow::io::MemoryMappedFile::Open(path, arrow::io::FileMode::READ);
}

/// Opens an Arrow file; reads all columns if there are no indices.
arrow::Result<Batches> open_ipc(const char* path, const Columns& columns) {
  ARROW_ASSIGN_OR_RAISE(auto file, map_file(path));
  ARROW_ASSIGN_OR_RAISE(auto start, file->ReadAt(0, 6));
  auto options = arrow::ipc::IpcReadOptions::Defaults();
  options.included_fields = columns;
  if (start->ToString() == "ARROW1") {
    ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchFileReader::Open(file, options));
    return std::make_shared<FileBatches>(reader);
  }
  ARROW_ASSIGN_OR_RAISE(auto reader, arrow::ipc::RecordBatchStreamReader::Open(file, options));
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

arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> open_parquet(const char* path) {
  ARROW_ASSIGN_OR_RAISE(auto file, map_file(path));
  parquet::arrow::FileReaderBuilder builder;
  auto limits = parquet::default_reader_properties();
  limits.set_thrift_string_size_limit(64 << 20);
  limits.set_thrift_container_size_limit(1 << 20);
  ARROW_RETURN_NOT_OK(builder.Open(file, limits));
  std::unique_ptr<parquet::arrow::FileReader> reader;
  ARROW_RETURN_NOT_OK(builder.Build(&reader));
  return reader;
}

/// Appends the indices of a field's Parquet columns: one for each leaf of a nested type.
void add_leaves(const parquet::arrow::SchemaField& field, Columns* leaves) {
  if (field.is_leaf()) leaves->push_back(field.column_index);
  for (const auto& child : field.children) add_leaves(child, leaves);
}

arrow::Result<Batches> open_parquet(const char* path, const Columns& columns) {
  ARROW_ASSIGN_OR_RAISE(auto reader, open_parquet(path));
  Columns leaves;
  for (int column : columns) add_leaves(reader->manifest().schema_fields.at(column), &leaves);
  Columns groups(reader->num_row_groups());
  std::iota(groups.begin(), groups.end(), 0);
  ARROW_ASSIGN_OR_RAISE(auto batches, reader->GetRecordBatchReader(groups, leaves));
  return std::make_shared<ParquetBatches>(std::move(reader), Batches(std::move(batches)));
}

arrow::Result<std::shared_ptr<arrow::Schema>> read_schema(const char* path, int32_t format) {
  if (format != LOCKSTEP_ARROW_PARQUET) {
    ARROW_ASSIGN_OR_RAISE(auto batches, open_ipc(path, {}));
    return batches->schema();
  }
  ARROW_ASSIGN_OR_RAISE(auto reader, open_parquet(path));
  std::shared_ptr<arrow::Schema> schema;
  ARROW_RETURN_NOT_OK(reader->GetSchema(&schema));
  return schema;
}

/// Calls `body`, which returns a status, and returns the message of a failure or an exception.
template <typename Body>
char* message(Body body) noexcept {
  try {
    const arrow::Status status = body();
    return status.ok() ? nullptr : strdup(status.message().c_str());
  } catch (const std::exception& error) {
    return strdup(error.what());
  } catch (...) {
    return strdup("an unknown C++ exception");
  }
}

}  // namespace

extern "C" char* lockstep_arrow_read_schema(const char* path, int32_t format, ArrowSchema* out) {
  return message([=] {
    ARROW_ASSIGN_OR_RAISE(auto schema, read_schema(path, format));
    return arrow::ExportSchema(*schema, out);
  });
}

extern "C" char* lockstep_arrow_read_columns(
    const char* path, int32_t format, const int32_t* columns, int64_t count, ArrowArrayStream* out) {
  return message([=] {
    const Columns chosen(columns, columns + count);
    ARROW_ASSIGN_OR_RAISE(auto batches,
                          format == LOCKSTEP_ARROW_PARQUET ? open_parquet(path, chosen) : open_ipc(path, chosen));
    return arrow::ExportRecordBatchReader(std::make_shared<CheckedReader>(batches), out);
  });
}
