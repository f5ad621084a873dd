package org.elasticsearch.node;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.ClasspathPlugins;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.plugins.PluginsService;

/** One node with ES|QL on 127.0.0.1: FOLDER PORT TRANSPORT_PORT. */
public final class Reference {
  private static final List<String> PLUGINS =
      List.of(
          "org.elasticsearch.transport.netty4.Netty4Plugin",
          "org.elasticsearch.xpack.core.XPackPlugin",
          "org.elasticsearch.xpack.esql.core.plugin.EsqlCorePlugin",
          "org.elasticsearch.xpack.esql.plugin.EsqlPlugin",
          "org.elasticsearch.xpack.kql.KqlPlugin",
          "org.elasticsearch.xpack.versionfield.VersionFieldPlugin");

  private static final class Services extends NodeServiceProvider {
    @Override
    PluginsService newPluginService(Environment environment, PluginsLoader loader) {
      try {
        return new ClasspathPlugins(environment, PLUGINS);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class EmbeddedNode extends Node {
    EmbeddedNode(Environment environment) {
      super(NodeConstruction.prepareConstruction(environment, ClasspathPlugins.none(), new Services(), false));
    }
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    LogConfigurator.configureESLogging();
    Settings settings =
        Settings.builder()
            .put("path.home", folder.toString())
            .put("cluster.name", "esql-reference")
            .put("node.name", "esql-reference-1")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", args[1])
            .put("transport.port", args[2])
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .put("xpack.security.enabled", false)
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    Node node = new EmbeddedNode(new Environment(settings, folder.resolve("config")));
    node.start();
    new CountDownLatch(1).await();
  }
}
