// A plain truncated Dijkstra in C++: CSR, a binary heap with lazy deletion, stamped arrays.
//
// Reads one binary file: three int64 (nodes, arcs, sources), the limit (float64), where each node's
// arcs start (int64, nodes + 1), their heads (int32), their minutes (float64), the sources (int32).
// Prints a line for each heap: its name, the least seconds of five runs, and the nodes settled.
//
// Two heaps, since std::priority_queue holds pairs: the other keeps keys and nodes in two arrays.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

template <class T> std::vector<T> read(std::FILE *file, std::size_t count) {
  std::vector<T> values(count);
  if (std::fread(values.data(), sizeof(T), count, file) != count) std::exit(1);
  return values;
}

class StandardHeap {
  using Entry = std::pair<double, std::int32_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<Entry>> queue;

public:
  bool empty() const { return queue.empty(); }
  void push(double key, std::int32_t node) { queue.push({key, node}); }
  Entry pop() {
    Entry top = queue.top();
    queue.pop();
    return top;
  }
};

class FlatHeap {
  std::vector<double> keys;
  std::vector<std::int32_t> nodes;
  std::size_t count = 0;

public:
  bool empty() const { return count == 0; }
  void push(double key, std::int32_t node) {
    if (count == keys.size()) {
      keys.resize(2 * count + 64);
      nodes.resize(2 * count + 64);
    }
    std::size_t place = count++;
    while (place > 0) {
      std::size_t above = (place - 1) / 2;
      if (keys[above] <= key) break;
      keys[place] = keys[above];
      nodes[place] = nodes[above];
      place = above;
    }
    keys[place] = key;
    nodes[place] = node;
  }
  std::pair<double, std::int32_t> pop() {
    std::pair<double, std::int32_t> top{keys[0], nodes[0]};
    double key = keys[--count];
    std::int32_t node = nodes[count];
    std::size_t place = 0, below = 1;
    while (below < count) {
      below += (below + 1 < count) & (keys[below + 1] < keys[below]);
      if (keys[below] >= key) break;
      keys[place] = keys[below];
      nodes[place] = nodes[below];
      place = below;
      below = 2 * place + 1;
    }
    keys[place] = key;
    nodes[place] = node;
    return top;
  }
};

struct Graph {
  double limit;
  std::vector<std::int64_t> start;
  std::vector<std::int32_t> head;
  std::vector<double> minutes;
  std::vector<std::int32_t> sources;
};

template <class Heap> void run(const char *name, const Graph &graph) {
  double least = 1e300;
  std::int64_t settled = 0;
  for (int again = 0; again < 5; again++) {
    std::vector<double> best(graph.start.size() - 1);
    std::vector<std::int32_t> stamp(best.size(), -1);
    Heap heap;
    settled = 0;
    auto before = std::chrono::steady_clock::now();
    for (std::int32_t search = 0; search < (std::int32_t)graph.sources.size(); search++) {
      std::int32_t source = graph.sources[search];
      best[source] = 0.0;
      stamp[source] = search;
      heap.push(0.0, source);
      while (!heap.empty()) {
        auto [cost, node] = heap.pop();
        if (cost > best[node]) continue;
        settled++;
        for (std::int64_t arc = graph.start[node]; arc < graph.start[node + 1]; arc++) {
          std::int32_t next = graph.head[arc];
          double there = cost + graph.minutes[arc];
          if (there <= graph.limit && (stamp[next] != search || there < best[next])) {
            best[next] = there;
            stamp[next] = search;
            heap.push(there, next);
          }
        }
      }
    }
    std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - before;
    least = std::min(least, seconds.count());
  }
  std::printf("%s %.6f %lld\n", name, least, (long long)settled);
}

int main(int count, char **arguments) {
  std::FILE *file = count == 2 ? std::fopen(arguments[1], "rb") : nullptr;
  if (!file) return 1;
  auto sizes = read<std::int64_t>(file, 3);
  Graph graph;
  graph.limit = read<double>(file, 1)[0];
  graph.start = read<std::int64_t>(file, sizes[0] + 1);
  graph.head = read<std::int32_t>(file, sizes[1]);
  graph.minutes = read<double>(file, sizes[1]);
  graph.sources = read<std::int32_t>(file, sizes[2]);
  run<StandardHeap>("std::priority_queue", graph);
  run<FlatHeap>("flat binary heap", graph);
  return 0;
}
