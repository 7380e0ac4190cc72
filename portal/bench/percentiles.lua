-- wrk prints no 95th percentile of its own
done = function(summary, latency, requests)
  io.write(string.format("p50 %.3f p95 %.3f\n", latency:percentile(50) / 1000, latency:percentile(95) / 1000))
end
