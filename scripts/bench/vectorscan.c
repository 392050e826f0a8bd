/*
 * What the prefilter does, done by Vectorscan (or Hyperscan): where do these literals occur in a text in memory, which
 * comes in blocks. For comparison only; nothing that is shipped knows of it.
 *
 *   vectorscan WORDS SAMPLE BLOCK PASSES
 *
 * WORDS has a line per literal: `i` (caseless) or `-`, a space, its bytes in hexadecimal. Prints a line per pass:
 * seconds, and how many occurrences there were.
 */
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_WORDS = 100000, LONGEST_LINE = 4096 };

static char *literals[MOST_WORDS];
static size_t lengths[MOST_WORDS];
static unsigned flags[MOST_WORDS];
static unsigned ids[MOST_WORDS];

static void fail(const char *what) {
  fprintf(stderr, "vectorscan: %s\n", what);
  exit(1);
}

static unsigned read_words(const char *path) {
  static char line[LONGEST_LINE];
  FILE *file = fopen(path, "r");
  if (file == NULL) fail("no words");
  unsigned count = 0;
  while (count < MOST_WORDS && fgets(line, sizeof line, file) != NULL) {
    size_t length = (strcspn(line, "\n") - 2) / 2;
    char *literal = malloc(length + 1);
    if (literal == NULL) fail("no memory");
    for (size_t index = 0; index < length; index += 1) {
      unsigned byte = 0;
      sscanf(line + 2 + 2 * index, "%2x", &byte);
      literal[index] = (char)byte;
    }
    literals[count] = literal;
    lengths[count] = length;
    flags[count] = line[0] == 'i' ? HS_FLAG_CASELESS : 0;
    ids[count] = count;
    count += 1;
  }
  fclose(file);
  return count;
}

static char *read_sample(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) fail("no sample");
  *length = (size_t)ftell(file);
  rewind(file);
  char *bytes = malloc(*length);
  if (bytes == NULL || fread(bytes, 1, *length, file) != *length) fail("cannot read the sample");
  fclose(file);
  return bytes;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flag, void *context) {
  (void)id, (void)from, (void)to, (void)flag;
  *(unsigned long long *)context += 1;
  return 0;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  if (count != 5) fail("usage: vectorscan WORDS SAMPLE BLOCK PASSES");
  unsigned words = read_words(arguments[1]);
  size_t length = 0;
  char *sample = read_sample(arguments[2], &length);
  size_t block = strtoull(arguments[3], NULL, 10);
  long passes = strtol(arguments[4], NULL, 10);
  if (block == 0) fail("a block is empty");

  hs_database_t *database = NULL;
  hs_scratch_t *scratch = NULL;
  hs_compile_error_t *error = NULL;
  const char *const *expressions = (const char *const *)literals;
  if (hs_compile_lit_multi(expressions, flags, ids, lengths, words, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS)
    fail(error->message);
  if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) fail("no scratch space");

  for (long pass = 0; pass < passes; pass += 1) {
    unsigned long long hits = 0;
    double began = now();
    for (size_t offset = 0; offset < length; offset += block) {
      size_t rest = length - offset < block ? length - offset : block;
      if (hs_scan(database, sample + offset, (unsigned)rest, 0, scratch, on_match, &hits) != HS_SUCCESS) fail("scan");
    }
    printf("%.6f %llu\n", now() - began, hits);
  }
  return 0;
}
