#define _GNU_SOURCE
#include "CNCCL.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

char *cnccl_open(const char *path, cnccl_library *out) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return strdup(dlerror());
#define CNCCL_LOAD(result, name, arguments)                                 \
  if ((*(void **)&out->name = dlsym(handle, "nccl" #name)) == NULL) {       \
    char *message = NULL;                                                   \
    if (asprintf(&message, "%s has no nccl" #name, path) < 0) message = NULL; \
    dlclose(handle);                                                        \
    return message ? message : strdup("out of memory");                     \
  }
  CNCCL_CALLS(CNCCL_LOAD)
#undef CNCCL_LOAD
  return NULL;
}
