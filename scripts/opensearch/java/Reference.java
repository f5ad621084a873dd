import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.node.OpenSearchRunnerNode;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.plugins.Plugin;

/** One OpenSearch node on 127.0.0.1: FOLDER PORT TRANSPORT_PORT. */
public final class Reference {
  private static final List<Class<? extends Plugin>> MODULES =
      List.of(
          org.opensearch.search.aggregations.matrix.MatrixAggregationModulePlugin.class,
          org.opensearch.analysis.common.CommonAnalysisModulePlugin.class,
          org.opensearch.geo.GeoModulePlugin.class,
          org.opensearch.script.expression.ExpressionModulePlugin.class,
          org.opensearch.painless.PainlessModulePlugin.class,
          org.opensearch.index.mapper.MapperExtrasModulePlugin.class,
          org.opensearch.transport.Netty4ModulePlugin.class);

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    LogConfigurator.registerErrorListener();
    Settings settings =
        Settings.builder()
            .put("path.home", folder.toString())
            .put("cluster.name", "opensearch-reference")
            .put("node.name", "opensearch-reference-1")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", args[1])
            .put("transport.port", args[2])
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    new OpenSearchRunnerNode(new Environment(settings, folder.resolve("config")), MODULES).start();
    new CountDownLatch(1).await();
  }
}
