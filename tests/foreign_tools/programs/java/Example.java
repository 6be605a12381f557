import java.util.concurrent.Callable;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.TrackingsApi;
import org.openapitools.client.model.*;

class Example {
  private static final String CARRIER = System.getenv("CARRIER");
  private static final String CREATED = System.getenv("CREATED");
  private static final String KNOWN = System.getenv("KNOWN");
  private static final String UNKNOWN = System.getenv("UNKNOWN");

  private static final TrackingsApi TRACKINGS = new TrackingsApi(client());

  private static ApiClient client() {
    var client = new ApiClient();
    client.updateBaseUri(System.getenv("BASE_URL"));
    client.setRequestInterceptor(
        request -> request.header("Trackingmore-Api-Key", System.getenv("API_KEY")));
    return client;
  }

  private static String failure(ErrorResponse response) {
    return "error " + response.getMeta().getCode();
  }

  private static String create() throws Exception {
    var tracking = new CreateTrackingRequest().carrierCode(CARRIER).trackingNumber(CREATED);
    var response = TRACKINGS.createTracking(tracking).getActualInstance();
    return response instanceof ErrorResponse error
        ? failure(error)
        : ((CreateTrackingResponse) response).getData().getTrackingNumber();
  }

  private static String get(String number) throws Exception {
    var response = TRACKINGS.getTracking(CARRIER, number).getActualInstance();
    return response instanceof ErrorResponse error
        ? failure(error)
        : ((TrackingResponse) response).getData().getTrackingNumber();
  }

  private static String list() throws Exception {
    var page = TRACKINGS.listTrackings(
        null, null, null, null, null, null, null, null, null, null, null, null, null);
    var response = page.getActualInstance();
    return response instanceof ErrorResponse error
        ? failure(error)
        : String.valueOf(((TrackingListResponse) response).getData().getItems().size());
  }

  private static String delete() throws Exception {
    var response = TRACKINGS.deleteTracking(CARRIER, CREATED).getActualInstance();
    return response instanceof ErrorResponse error ? failure(error) : "deleted";
  }

  private static void run(String name, Callable<String> step) {
    String result;
    try {
      result = step.call();
    } catch (Exception error) {
      result = "raised " + String.valueOf(error.getMessage()).split("\n")[0];
    }
    System.out.println(name + ": " + result);
  }

  public static void main(String[] arguments) {
    run("create", Example::create);
    run("get", () -> get(KNOWN));
    run("list", Example::list);
    run("rejected get", () -> get(UNKNOWN));
    run("delete", Example::delete);
    run("rejected delete", Example::delete);
  }
}
